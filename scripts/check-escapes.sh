#!/usr/bin/env bash
# Sees what services' own parsers, or others of their markup, make of messages about names that look like markup:
# check-escapes.sh PROGRAM
set -euo pipefail
program=$(realpath "${1:?usage: check-escapes.sh PROGRAM}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts=$PWD/scripts
python=$(scripts/install-python.sh escapes)

source scripts/started.sh
cd "$work"
"$program" sandbox --port 0 >sandbox.log &
vendor=$(address sandbox.log)
"$python" "$scripts/check-escapes.py" "$program" "$vendor" "$(grep -oE 'smtp://[0-9.]+:[0-9]+' sandbox.log)"
