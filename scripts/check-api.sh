#!/usr/bin/env bash
# Asks the API of `quotawatch serve` everything that docs/openapi.yaml allows, and much that it does not, and holds the answers
# against it and against what the commands print: check-api.sh PROGRAM
set -euo pipefail
program=$(realpath "$1")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
description=$PWD/docs/openapi.yaml
settings=$PWD/scripts/check-api.toml
schemathesis=$(dirname "$(scripts/install-python.sh api)")/schemathesis

source scripts/started.sh
cd "$work"

"$program" sandbox --port 0 --organizations 4 >sandbox.log 2>&1 &
vendor=$(address sandbox.log)
export KEY_1=bench-key-00001 KEY_2=bench-key-00002 KEY_3=no-key READ_TOKEN=read-token-c0ffee ACT_TOKEN=act-token-c0ffee HOOK_SECRET=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw
export EMBED_SECRET=embed-secret-c0ffee-c0ffee-c0ffee-c0ffee
cat >alerts.json <<END
{
  "database": "quotawatch.sqlite",
  "api": { "base_url": "$vendor" },
  "plans": {
    "growth": {
      "currency": "EUR", "quota": { "pages": 1000 }, "tax_percent": "19",
      "charges": [
        { "model": "graduated", "metric": "pages", "tiers": [{ "up_to": 500, "unit_price": "0.10" }, { "unit_price": "0.05" }] }
      ]
    }
  },
  "organizations": [
    { "id": "acme", "api_key": { "env": "KEY_1" }, "plan": "growth" },
    { "id": "globex", "api_key": { "env": "KEY_2" }, "quota": { "pages": 100 } },
    { "id": "initech", "api_key": { "env": "KEY_3" } }
  ],
  "rules": [
    { "id": "quota", "type": "threshold", "metric": "pages", "percent": [50, 100], "notify": ["ops"] },
    { "id": "key", "type": "credential", "notify": ["ops", "nobody"] }
  ],
  "notifiers": {
    "ops": { "type": "webhook", "url": "$vendor/hooks/ops", "secret": { "env": "HOOK_SECRET" } },
    "nobody": { "type": "webhook", "url": "http://127.0.0.1:9/", "secret": { "env": "HOOK_SECRET" } }
  },
  "tokens": [
    { "name": "reader", "token": { "env": "READ_TOKEN" }, "scopes": ["read"] },
    { "name": "actor", "token": { "env": "ACT_TOKEN" }, "scopes": ["read", "act", "admin"] }
  ],
  "embed": { "secret": { "env": "EMBED_SECRET" }, "allowed_origins": ["https://app.example.com"] }
}
END
for _ in 1 2 3; do "$program" collect --quiet >/dev/null 2>collect.err || [ $? -le 3 ] || { cat collect.err; exit 1; }; done

"$program" serve --listen 127.0.0.1:0 >serve.log 2>serve.err &
server=$(address serve.log)

# What the API answers is what the commands print.
same() {
  local path=$1
  shift
  "$program" "$@" >printed.json 2>/dev/null
  curl -sf "$server/api/v1/$path" >answered.json
  cmp printed.json answered.json || { echo "/api/v1/$path is not what \"quotawatch $*\" prints" >&2; exit 1; }
}
same organizations status --json
same organizations/acme status acme --json
same alerts alerts --json
same 'alerts?all=true' alerts --all --json
same deliveries notify list --json
same silences silence list --json
same log log --json
same 'price?plan=growth&pages=1200' price growth --pages 1200 --json
month=$(curl -sf "$server/api/v1/organizations/acme" | grep -oE '20[0-9]{2}-[0-9]{2}"' | head -n 1 | tr -d '"')
"$program" report usage --from "$month" --format jsonl >printed.jsonl
curl -sf "$server/api/v1/usage?from=$month" | sed -n 's/^    \({.*}\),\{0,1\}$/\1/p' | cmp - printed.jsonl
"$program" report reconciliation "$month" --format jsonl --as-of 2026-12-01T00:00:00Z >printed.jsonl 2>/dev/null || [ $? = 30 ]
curl -sf "$server/api/v1/reconciliation/$month?as_of=2026-12-01T00:00:00Z" | sed -n 's/^    \({.*}\),\{0,1\}$/\1/p' | cmp - printed.jsonl

# Pages of one entry bring the same as one page of all.
pages() {
  local next="" one
  while one=$(curl -sf "$server/api/v1/$1?limit=1$next"); do
    grep -oE "\"($2)\" ?: ?[^,}]*" <<<"$one" || true
    next=$(sed -n 's/.*"next_cursor" : "\(.*\)",/\&cursor=\1/p' <<<"$one")
    [ -n "$next" ] || return 0
  done
}
for list in organizations:organization_id alerts:alert runs:run_id usage:organization_id deliveries:message; do
  pages "${list%:*}" "${list#*:}" | sort >page.txt
  curl -sf "$server/api/v1/${list%:*}" | grep -oE "\"(${list#*:})\" ?: ?[^,}]*" | sort | cmp - page.txt
done

# What is done twice with one key is done once, and something else is refused with it.
asked() {
  curl -s -o answered.json -w '%{http_code}' -H "Authorization: Bearer ${4:-$ACT_TOKEN}" -H 'Content-Type: application/json' \
    -H "Idempotency-Key: $1" -d "$3" "$server/api/v1/$2"
}
[ "$(asked k1 silences '{"organizations":["acme"],"for":"1h","reason":"once"}')" = 201 ]
cp answered.json first.json
[ "$(asked k1 silences '{"organizations":["acme"],"for":"1h","reason":"once"}')" = 201 ]
cmp first.json answered.json
[ "$(asked k1 silences '{"organizations":["acme"],"for":"2h","reason":"once"}')" = 422 ]
[ "$(asked k2 silences '{"organizations":["acme"],"for":"1h","reason":"once"}' "$READ_TOKEN")" = 403 ]
[ "$("$program" silence list --json | grep -c '"once"')" = 1 ]
runs=$(curl -sf "$server/api/v1/runs" | grep -c run_id)
[ "$(asked k3 runs '')" = 202 ]
for _ in $(seq 100); do
  [ "$(curl -sf "$server/api/v1/runs" | grep -c run_id)" -gt "$runs" ] && break
  sleep 0.1
done
[ "$(curl -sf "$server/api/v1/runs" | grep -c run_id)" -gt "$runs" ] || { echo "no run began that was asked for" >&2; exit 1; }

# Wrong tokens are not tried: after some of them nobody is answered for a minute, which AccessPolicyTests see to.
"$schemathesis" --config-file "$settings" run "$description" --url "$server" \
  --phases examples,coverage,fuzzing --max-examples "${EXAMPLES:-40}" --seed 1 --request-timeout 10 \
  --exclude-checks ignored_auth --header "Authorization: Bearer $ACT_TOKEN"
if grep -E "$READ_TOKEN|$ACT_TOKEN|$EMBED_SECRET|bench-key" serve.log serve.err; then echo "a secret is in the log" >&2; exit 1; fi
kill -TERM "$!" 2>/dev/null || true
echo "the API is what docs/openapi.yaml says, and what the commands print"
