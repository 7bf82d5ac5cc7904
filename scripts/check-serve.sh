#!/usr/bin/env bash
# Sees that nobody who connects keeps `quotawatch serve` from its runs, or from ending: check-serve.sh PROGRAM
set -euo pipefail
program=$(realpath "${1:?usage: check-serve.sh PROGRAM}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts=$PWD/scripts

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$work"' EXIT
cd "$work"
"$program" sandbox --port 0 --organizations 1 >sandbox.log &
until vendor=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' sandbox.log | head -n 1) && [[ -n $vendor ]]; do
  kill -0 "$!"
  sleep 0.1
done
export KEY_1=bench-key-00001
cat >alerts.json <<END
{
  "database": "quotawatch.sqlite",
  "api": { "base_url": "$vendor" },
  "organizations": [{ "id": "acme", "api_key": { "env": "KEY_1" } }],
  "schedule": { "every": "5s" }
}
END
python3 "$scripts/check-serve.py" "$program" "$work"
