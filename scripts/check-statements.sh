#!/usr/bin/env bash
# Opens the statements of docs/sample in a real browser: nothing sticks out at any width, axe finds nothing against WCAG AA,
# and what is printed has its pages numbered.
#
#   scripts/check-statements.sh PROGRAM
set -euo pipefail
program=$(realpath "${1:?usage: check-statements.sh PROGRAM}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
python=$(scripts/install-python.sh browser)

source scripts/started.sh
cp -r docs/sample/. "$work"
"$program" sandbox --port 0 --organizations 0 >"$work/sandbox" &
vendor=$(address "$work/sandbox")
sed -i "s|http://127.0.0.1:8480|$vendor|" "$work/alerts.json"
cd "$work"
./vendor.sh "$vendor"
"$program" backfill --from 2026-09 --to 2026-09 >/dev/null
"$program" invoice import invoice-2026-09.csv >/dev/null
"$program" report reconciliation 2026-09 --fail-on none -o statements.html
"$python" "$OLDPWD/scripts/check-statements.py" "$work/statements.html"
