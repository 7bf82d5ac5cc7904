#!/usr/bin/env bash
# Runs the marked blocks of pages, so that they stay true: all of a page in one bash, in a new folder that is also HOME, with the
# program as `quotawatch` on PATH and without the variables that configure it.
#
#   scripts/check-blocks.sh PROGRAM
set -euo pipefail
program=$(realpath "${1:?usage: check-blocks.sh PROGRAM}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin"
ln -s "$program" "$work/bin/quotawatch"

# Runs shell, with `blocks` and the pages at hand, in a new home.
in_new_home() {
  local home
  home=$(mktemp -d -p "$work")
  (
    docs=$PWD
    cd "$home"
    env --unset=QUOTAWATCH_CONFIG --unset=DOCUTRAY_API_KEY --unset=DOCUTRAY_BASE_URL --unset=XDG_CONFIG_HOME \
      HOME="$home" PATH="$work/bin:$PATH" docs="$docs" bash -c "source \"\$docs/scripts/blocks-run.sh\"; $1" </dev/null 2>&1
  ) | tee -a "$work/output"
}

in_new_home 'blocks "$docs/README.md" smoke'

# Backups: a database of the simulated vendor, a restoring, the drill, and another machine.
in_new_home '
  start "quotawatch sandbox --port 18432"
  cat >alerts.json <<END
{ "api": { "base_url": "http://127.0.0.1:18432" }, "database": "quotawatch.sqlite",
  "organizations": [{ "id": "acme", "api_key": { "env": "KEY" } }] }
END
  sed s/quotawatch.sqlite/drill-database.sqlite/ alerts.json >drill.json
  export KEY=bench-key-00001
  quotawatch collect --quiet
  blocks "$docs/docs/deploy/backups.md" backup
  [[ $(ls backups | wc -l) == 1 ]]
  quotawatch collect --quiet
  blocks "$docs/docs/deploy/backups.md" restore
  ls quotawatch.sqlite.replaced-*
  quotawatch status | grep "not read since a backup was restored"
  quotawatch db check | grep "Nothing is known of"
  blocks "$docs/docs/deploy/backups.md" drill
  blocks "$docs/docs/deploy/moving.md" moving-from
  mkdir ../elsewhere && cp alerts.json move.sqlite ../elsewhere && cd ../elsewhere
  blocks "$docs/docs/deploy/moving.md" moving-to
  quotawatch collect --quiet
  if quotawatch status | grep "not read since"; then exit 1; fi
'
# Nothing of our own may be taken for what could steer a terminal.
if grep --line-number '�' "$work/output" >&2; then exit 1; fi
echo "blocks: the commands of the pages work"
