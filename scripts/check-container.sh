#!/usr/bin/env bash
# Starts the program in a root file system as the image has it, without a container engine: the program, what `ldd` names,
# certificates and time zones; read-only, for a user without a name, with keys as an orchestrator mounts them.
#
#   scripts/check-container.sh PROGRAM
set -euo pipefail
program=$(realpath "${1:?usage: check-container.sh PROGRAM}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
((EUID == 0)) || exec sudo "$0" "$program"
deploy=$PWD/deploy

source scripts/started.sh
source scripts/container-root.sh
cd "$work"

# The packages that the image installs are those that the program is linked to.
for library in libcurl4 libsqlite3-0 zlib1g; do
  grep -q "install.* $library\\b" "$deploy/container/Containerfile" || { echo "Containerfile: $library is missing" >&2; exit 1; }
done

root=$work/root
container_root "$program" "$root"

"$program" sandbox --port 0 --organizations 1 >sandbox.log &
vendor=$(address sandbox.log)
# Keys as Kubernetes mounts them: links through a directory that is exchanged as a whole, for the group alone.
keys=$root/run/secrets/quotawatch
mkdir "$keys/..1"
echo bench-key-00001 >"$keys/..1/acme"
echo "$vendor/hooks/ops" >"$keys/..1/slack"
echo a-token-of-many-characters >"$keys/..1/pages"
ln -s ..1 "$keys/..data"
ln -s ..data/acme ..data/slack ..data/pages "$keys"
chown -R 0:65532 "$keys"
chmod 0440 "$keys"/..1/*

# The configuration that is shipped, for a vendor on loopback and for a zone that needs the files.
python3 - "$deploy/kubernetes/configuration.yaml" "$vendor" >"$root/etc/quotawatch/alerts.json" <<'END'
import json, sys
text = open(sys.argv[1]).read().split("alerts.json: |\n")[1].split("\n---")[0]
configuration = json.loads(text)
configuration["api"] = {"base_url": sys.argv[2]}
configuration["billing_time_zone"] = "Europe/Berlin"
configuration["schedule"] = {"every": "5s"}
json.dump(configuration, sys.stdout)
END

inside "$root" check --online
inside "$root" collect
inside "$root" status | grep 'Acme Corp' >/dev/null
[[ $(stat -c %u "$root/data/quotawatch.sqlite") == 65532 ]]

inside "$root" serve --listen 0.0.0.0:0 >serve.log 2>&1 &
server=$(address serve.log)
server=http://127.0.0.1:${server##*:}
curl -fsS "$server/-/healthy" "$server/-/ready" >/dev/null
[[ $(curl -s -o /dev/null -w '%{http_code}' "$server/metrics") == 401 ]]
curl -fsS -H 'Authorization: Bearer a-token-of-many-characters' "$server/metrics" | grep '^quotawatch_used_pages{' >/dev/null
echo "container: collect and serve work in a read-only root as a user without a name"
