#!/usr/bin/env bash
# Holds what `quotawatch metrics` and `quotawatch serve` print against Prometheus' own checker, tries the rules of
# deploy/prometheus, and has a real Prometheus load them and collect from the server: check-metrics.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
deploy=$PWD/deploy/prometheus
promtool check config "$deploy/prometheus.yml"
promtool test rules scripts/check-metrics.test.yml

source scripts/started.sh
cd "$work"

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
"$program" metrics --output metrics.txt
promtool check metrics <metrics.txt

"$program" serve --listen 127.0.0.1:0 >serve.log 2>serve.err &
server=$(address serve.log)
curl -sf "$server/metrics" >served.txt
promtool check metrics <served.txt
curl -sf "$server/-/healthy" >/dev/null
curl -sf "$server/-/ready" >/dev/null
served=$!

# Minutes are tenths of a second here; the rules are the ones that are shipped.
cp "$deploy"/*.yml .
sed -i -e 's/_interval: 1m/_interval: 100ms/' -e "s|127.0.0.1:8787|${server#http://}|" prometheus.yml
prometheus --config.file=prometheus.yml --web.listen-address=127.0.0.1:0 --storage.tsdb.path=data >prometheus.log 2>&1 &
for _ in $(seq 200); do
  prometheus=http://$(grep -oE 'Listening on" address=127\.0\.0\.1:[0-9]+' prometheus.log | grep -oE '[0-9.]+:[0-9]+') && break
  sleep 0.05
done
# Waits until a query has this result, for ten seconds at most.
expect() {
  for _ in $(seq 100); do
    result=$(curl -sfG "$prometheus/api/v1/query" --data-urlencode "query=$1" || true)
    jq -e --arg value "$2" '[.data.result[].value[1]] == [$value]' <<<"$result" >/dev/null && return
    sleep 0.1
  done
  echo "Prometheus answers \"$1\" with $result, not with $2" >&2
  return 1
}
expect 'up{job="quotawatch"}' 1
expect 'count(quotawatch_used_pages)' 2
# A channel that its receiver turned off is told by the shipped rule, at its next evaluation.
expect 'count(ALERTS{alertstate=~"firing|pending"}) or vector(0)' 0
curl -sf "$prometheus/api/v1/rules" | jq -e '[.data.groups[].rules[] | .health] | length == 9 and all(. == "ok")' >/dev/null

kill -TERM "$served"
wait "$served"
expect 'count(ALERTS{alertname="QuotawatchDown", alertstate="pending"})' 1
echo "metrics: $(grep -c '^# TYPE' served.txt) families are sound"
