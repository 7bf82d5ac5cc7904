#!/usr/bin/env bash
# Checks what deploy/ ships: the systemd units (syntax, and an exposure of at most 1.5), the crontab's form, and that no manifest
# writes over keys.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../deploy"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# systemd-analyze wants the program to exist, which is not installed here.
cp systemd/*.timer "$work"
units=(quotawatch.service quotawatch-serve.service quotawatch-backup.service)
for unit in "${units[@]}"; do
  sed 's|^ExecStart=/usr/local/bin/quotawatch |ExecStart=/bin/true |' "systemd/$unit" >"$work/$unit"
done
grep -q '^ExecStart=/bin/true collect ' "$work/quotawatch.service"
grep -q '^ExecStart=/bin/true serve ' "$work/quotawatch-serve.service"
grep -q '^ExecStart=/bin/true db backup ' "$work/quotawatch-backup.service"
output=$(systemd-analyze verify "$work"/*.service "$work"/*.timer 2>&1) || { echo "$output" >&2; exit 1; }
# Some mistakes, such as an unknown key, are warnings that leave the exit code at 0.
if grep "$work" <<<"$output" >&2; then exit 1; fi
# The threshold counts tenths.
for unit in "${units[@]}"; do
  if ! report=$(systemd-analyze security --offline=yes --threshold=15 --no-pager "$work/$unit"); then
    echo "$report" >&2
    exit 1
  fi
  tail -n 1 <<<"$report"
done

# In a crontab for /etc/cron.d a line is a comment, a variable, or five fields, a user and a command without "%".
if grep -vnE '^(#.*|[A-Z_]+=.*|([0-9*/,-]+[[:blank:]]+){5}quotawatch[[:blank:]]+[^%]+|)$' cron.d/quotawatch; then
  echo "deploy/cron.d/quotawatch: cron would not take the lines above" >&2
  exit 1
fi
# cron ignores a file whose last line is not ended, and one whose name has a dot.
[[ -z $(tail -c 1 cron.d/quotawatch) ]] || { echo "deploy/cron.d/quotawatch: the last line has no end" >&2; exit 1; }
# A secret in a manifest would take the place of the keys whenever the manifest is applied.
if grep -n '^kind: Secret' kubernetes/*; then
  echo "deploy/kubernetes: keys are made apart, and the lines above would replace them" >&2
  exit 1
fi
echo "deploy: units, crontab and manifests are sound"
