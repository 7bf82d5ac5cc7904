#!/usr/bin/env bash
# Three people's first hours, as the pages tell them: an operator goes from the package to an alert that is silenced and told when
# that is over, an accountant from files to a closed month and its statements, and an agency from a table of 500
# organizations to a client's own webhook and page. All commands and files are the pages' own blocks, in their order; only
# addresses are replaced, by the simulated vendor's. Everything happens in a root file system and a network of its own.
#
#   scripts/check-first-hours.sh PROGRAM
set -euo pipefail
program=$(realpath "${1:?usage: check-first-hours.sh PROGRAM}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
((EUID == 0)) || exec sudo "$0" "$program"
if [[ ${2:-} != apart ]]; then exec unshare --mount --net --pid --fork --kill-child "$PWD/scripts/check-first-hours.sh" "$program" apart; fi
ip link set lo up
mount -t proc proc /proc

work=$(mktemp -d)
mount -t tmpfs tmpfs "$work"
project=$PWD
source scripts/container-root.sh
port=18440
vendor=http://127.0.0.1:$port

# The machine as it is, in which nothing is kept that is written; and where the project's pages and scripts are.
machine() {
  mkdir -p "$work/$1"/{upper,work,system}
  mount -t overlay overlay -o "lowerdir=/,upperdir=$work/$1/upper,workdir=$work/$1/work" "$work/$1/system"
  mount -t proc proc "$work/$1/system/proc"
  mount --bind /dev "$work/$1/system/dev"
  mkdir -p "$work/$1/system/tmp/trial"
  cp -r scripts docs "$work/$1/system/tmp/trial"
  rm -rf "$work/$1/system/etc/quotawatch" "$work/$1/system/var/lib/quotawatch"
  # Who is root already needs no sudo.
  install -D -m 0755 /dev/stdin "$work/$1/system/usr/local/sbin/sudo" <<<$'#!/bin/sh\nexec "$@"'
}

# What the simulated vendor knows and has received.
start_vendor() {
  "$program" sandbox --port $port --organizations 0 >"$work/vendor.log" 2>&1 &
  until grep -q "$vendor" "$work/vendor.log"; do sleep 0.05; done
}
tell_vendor() { curl -fsS -d "$2" "$vendor/sandbox/$1" >/dev/null; }
told() { curl -fsS "$vendor/sandbox/hooks" | jq --arg path "$1" '[.hooks[] | select(.path == $path)] | length'; }
expect() { [[ $2 == "$3" ]] || { echo "$1: $2 instead of $3" >&2; exit 1; }; }

operator() {
  machine operator
  scripts/build-deb.sh "$program" "$work/operator/system/tmp/trial" >/dev/null
  install -D -m 0755 scripts/stand-in-systemctl.py "$work/operator/system/usr/local/sbin/systemctl"
  tell_vendor organizations '{"id": "acme", "keys": ["acme-key"]}'
  tell_vendor usage '{"organization": "acme", "pages": 5200, "conversions": 10}'
  cd "$work/operator/system/tmp/trial"
  # The vendor's address stands in no page; that of Slack is asked for.
  sed -i "s|^\( *\)\"database\": \"/var/lib|\1\"api\": { \"base_url\": \"$vendor\" },\n&|" docs/deploy/systemd.md
  printf '%s\n' acme-key "$vendor/slack/ops" >answers
  within() { chroot "$work/operator/system" bash -c "cd /tmp/trial; exec 3<answers; source scripts/blocks-run.sh; $1"; }
  within 'blocks docs/deploy/systemd.md operator'
  expect "the first alert" "$(told /slack/ops)" 1
  # The timer comes round while it is silenced.
  tell_vendor usage '{"organization": "acme", "pages": 8600, "conversions": 10}'
  within 'systemctl start quotawatch.service; quotawatch status --config /etc/quotawatch/alerts.json | grep silenced'
  expect "messages during the silence" "$(told /slack/ops)" 1
  within 'blocks docs/deploy/systemd.md operator-silence'
  expect "messages after the silence" "$(told /slack/ops)" 2
  within 'systemctl enable --now quotawatch-backup.timer; systemctl start quotawatch-backup.service
    [[ $(ls /var/lib/quotawatch/backups | wc -l) == 1 ]]
    [[ $(stat -c %u /var/lib/quotawatch/* | sort -u) == 61184 ]]
    # Root restores, and the service goes on with what it has restored.
    quotawatch db restore /var/lib/quotawatch/backups/*.sqlite --overwrite --config /etc/quotawatch/alerts.json
    systemctl start quotawatch.service
    quotawatch db check --config /etc/quotawatch/alerts.json'
  expect "messages after a restoring of what is known" "$(told /slack/ops)" 2
  cd "$project"
}

accountant() {
  machine accountant
  install -m 0755 "$program" "$work/accountant/system/usr/local/bin/quotawatch"
  chroot "$work/accountant/system" bash -c '
    cd /tmp/trial
    source scripts/blocks-run.sh
    # A report of what is not matched ends with 30.
    quotawatch() { command quotawatch "$@" || [[ $? == 30 && $1 == report ]]; }
    pages=$PWD/docs
    blocks "$pages/close-a-month.md" accountant
    [[ -s reconciliation.xlsx ]] && grep -q "Example Billing Ltd" reconciliation.html'
}

agency() {
  local root=$work/container
  container_root "$program" "$root"
  mkdir -p "$work/agency/keys"
  cd "$work/agency"
  python3 - "$vendor" <<'END'
import json, sys, urllib.request
with open("customers.csv", "w") as table:
    table.write("id;name;plan;tags;Account manager\n")
    for number in range(1, 501):
        name = f"client-{number:03}"
        table.write(f"{name};Client {number} Ltd;{'growth' if number % 2 else 'basic'};{'north' if number % 3 else 'south'};J. Doe\n")
        open(f"keys/{name}", "w").write(f"key-of-{name}")
        body = json.dumps({"id": name, "keys": [f"key-of-{name}"]}).encode()
        urllib.request.urlopen(f"{sys.argv[1]}/sandbox/organizations", body)
        pages = 850 if number == 42 else number
        body = json.dumps({"organization": name, "pages": pages, "conversions": 1}).encode()
        urllib.request.urlopen(f"{sys.argv[1]}/sandbox/usage", body)
END
  printf %s "$vendor/slack/agency" >keys/slack
  printf %s a-token-of-many-characters >keys/pages
  printf %s whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw >keys/client-042-hook
  sed "s|^\( *\)\"database\": \"/data|\1\"api\": { \"base_url\": \"$vendor\" },\n&|; s|https://hooks.example.com/quota|$vendor/hooks/client-042|" \
    "$project/docs/agencies.md" >page.md
  (
    source "$project/scripts/blocks-run.sh"
    # No engine is here: what one would mount is there, and the program starts in the root file system of the image.
    podman() {
      local background=
      shift
      mkdir -p "$root/etc/quotawatch/organizations.d"
      while [[ $1 != quotawatch ]]; do
        case $1 in
        -d) background=1 ;;
        -v) case $2 in
          .:*) cp alerts.json customers.csv "$root/etc/quotawatch"; cp organizations.d/*.json "$root/etc/quotawatch/organizations.d" ;;
          ./keys:*) cp -a keys/. "$root/run/secrets/quotawatch" ;;
          esac; shift ;;
        -p) shift ;;
        esac
        shift
      done
      shift
      if [[ $background ]]; then
        inside "$root" serve --listen 0.0.0.0:8787 >serve.log 2>&1 &
        until grep -q 8787 serve.log; do sleep 0.1; done
      else
        inside "$root" "$@"
      fi
    }
    sudo() { "$@"; }
    blocks page.md agency
    expect "messages to the client's webhook" "$(told /hooks/client-042)" 1
    expect "messages to the agency" "$(told /slack/agency)" 1
    blocks page.md agency-page | grep -o 'Client 42 Ltd' | head -n 1
  )
  cd "$project"
}

start_vendor
for person in operator accountant agency; do
  # In the background a failure ends it where it happens.
  "$person" >"$work/$person.log" 2>&1 &
  wait $! || { tail -n 100 "$work/$person.log" >&2; echo "first hours: $person: failed" >&2; exit 1; }
  echo "first hours: $person: all steps of the page work"
done
