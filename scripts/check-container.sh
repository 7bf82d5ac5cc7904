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
cd "$work"

# The packages that the image installs are those that the program is linked to.
for library in libcurl4 libsqlite3-0 zlib1g; do
  grep -q "install.* $library\\b" "$deploy/container/Containerfile" || { echo "Containerfile: $library is missing" >&2; exit 1; }
done

root=$work/root
mkdir -p "$root"/{etc/quotawatch,etc/ssl/certs,usr/share,run/secrets/quotawatch,data,tmp,dev,proc}
install -D "$program" "$root/usr/bin/quotawatch"
ldd "$program" | grep -oE '/[^ ]+' | sort -u | while read -r library; do install -D "$library" "$root$library"; done
# glibc loads these by name, to look hosts up.
cp -L --parents /lib/*-linux-gnu/libnss_{files,dns}.so.2 /lib/*-linux-gnu/libresolv.so.2 "$root"
cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs"
cp -r /usr/share/zoneinfo "$root/usr/share"
touch "$root/dev/null"

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
chown 65532:65532 "$root/data"

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

# Runs the program inside: nothing but /data can be written to, and there is no user 65532.
inside() {
  unshare --mount --pid --fork --kill-child bash -c '
    root=$1; shift
    mount --bind "$root" "$root"
    mount --bind "$root/data" "$root/data"
    mount --bind /dev/null "$root/dev/null"
    mount -t proc proc "$root/proc"
    mount -o remount,bind,ro "$root"
    exec chroot --userspec=65532:65532 "$root" /usr/bin/env -i "$@"' inside "$root" "$@"
}
install -D "$(command -v env)" "$root/usr/bin/env"
image=(QUOTAWATCH_CONFIG=/etc/quotawatch/alerts.json SWIFT_BACKTRACE=enable=no /usr/bin/quotawatch)

inside "${image[@]}" check --online
inside "${image[@]}" collect
inside "${image[@]}" status | grep 'Acme Corp' >/dev/null
[[ $(stat -c %u "$root/data/quotawatch.sqlite") == 65532 ]]

inside "${image[@]}" serve --listen 0.0.0.0:0 >serve.log 2>&1 &
server=$(address serve.log)
server=http://127.0.0.1:${server##*:}
curl -fsS "$server/-/healthy" "$server/-/ready" >/dev/null
[[ $(curl -s -o /dev/null -w '%{http_code}' "$server/metrics") == 401 ]]
curl -fsS -H 'Authorization: Bearer a-token-of-many-characters' "$server/metrics" | grep -q '^quotawatch_used_pages{'
echo "container: collect and serve work in a read-only root as a user without a name"
