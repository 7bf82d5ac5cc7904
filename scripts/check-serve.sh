#!/usr/bin/env bash
# Sees that nobody who connects keeps `quotawatch serve` from its runs, or from ending: check-serve.sh PROGRAM
set -euo pipefail
program=$(realpath "${1:?usage: check-serve.sh PROGRAM}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts=$PWD/scripts

source scripts/started.sh
cd "$work"
"$program" sandbox --port 0 --organizations 1 >sandbox.log &
vendor=$(address sandbox.log)
export KEY_1=bench-key-00001 HOOK=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
cat >alerts.json <<END
{
  "database": "quotawatch.sqlite",
  "api": { "base_url": "$vendor" },
  "organizations": [{ "id": "acme", "api_key": { "env": "KEY_1" }, "webhook_secret": { "env": "HOOK" } }],
  "schedule": { "every": "5s" }
}
END
python3 "$scripts/check-serve.py" "$program" "$work"
