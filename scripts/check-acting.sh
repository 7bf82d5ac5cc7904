#!/usr/bin/env bash
# Acts on the pages of `quotawatch serve` in a real browser, with and without JavaScript and in two windows at once, and kills the
# server again and again while it is asked to act: each act is done once or not at all.
#
#   scripts/check-acting.sh PROGRAM
set -euo pipefail
program=$(realpath "${1:?usage: check-acting.sh PROGRAM}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec "$(scripts/install-python.sh browser)" scripts/check-acting.py "$program" .build/screenshots
