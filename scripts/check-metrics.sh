#!/usr/bin/env bash
# Holds what `quotawatch metrics` and `quotawatch serve` print against Prometheus' own checker: check-metrics.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")

work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$work"' EXIT
cd "$work"

# Waits until a program has said where it listens, and prints the address.
address() {
  for _ in $(seq 200); do
    grep -oE 'http://127\.0\.0\.1:[0-9]+' "$1" | head -n 1 && return
    sleep 0.05
  done
  echo "$1 names no address" >&2
  return 1
}

"$program" sandbox --port 0 --organizations 3 >sandbox.log 2>&1 &
vendor=$(address sandbox.log)
export KEY_1=bench-key-00001 KEY_2=bench-key-00002
cat >alerts.json <<END
{
  "database": "quotawatch.sqlite",
  "api": { "base_url": "$vendor" },
  "organizations": [
    { "id": "acme", "api_key": { "env": "KEY_1" }, "quota": { "pages": 1000 } },
    { "id": "globex", "api_key": { "env": "KEY_2" } }
  ],
  "rules": [{ "id": "quota", "type": "threshold", "metric": "pages", "percent": [50, 100], "notify": ["ops"] }],
  "notifiers": { "ops": { "type": "webhook", "url": "$vendor/hooks/ops", "secret": { "env": "HOOK_SECRET" } } },
  "schedule": { "every": "1h" }
}
END
export HOOK_SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
"$program" collect --quiet
"$program" metrics >metrics.txt
promtool check metrics <metrics.txt

"$program" serve --listen 127.0.0.1:0 >serve.log 2>serve.err &
server=$(address serve.log)
curl -sf "$server/metrics" >served.txt
promtool check metrics <served.txt
curl -sf "$server/-/healthy" >/dev/null
curl -sf "$server/-/ready" >/dev/null
kill -TERM "$!"
wait "$!"
echo "metrics: $(grep -c '^# TYPE' served.txt) families are sound"
