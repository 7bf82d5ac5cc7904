#!/usr/bin/env bash
# Opens every page of `quotawatch serve` in a real browser: in both themes, narrow and wide, with and without JavaScript. They show
# the figures that the commands print, nothing sticks out at the side, nothing is loaded from elsewhere, the console is empty, and
# axe finds nothing against WCAG AA. What was seen is left in .build/screenshots.
#
#   scripts/check-pages.sh PROGRAM [PICTURE]    also makes the picture of the README
set -euo pipefail
program=$(realpath "${1:?usage: check-pages.sh PROGRAM [PICTURE]}")
picture=${2:+$(realpath -m "$2")}
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec "$(scripts/install-python.sh browser)" scripts/check-pages.py "$program" .build/screenshots ${picture:+"$picture"}
