#!/usr/bin/env bash
# Installs what a list names from PyPI into a place of its own, unless it is there, and prints the interpreter that has it.
#
#   scripts/install-python.sh vendor-client    the vendor's own client, which tests run against the sandbox
#   scripts/install-python.sh bench-forecast   the series and the peers that the forecast is measured with
#   scripts/install-python.sh browser          what drives a browser and judges what it shows
#   scripts/install-python.sh api              what asks the API by its description
#   scripts/install-python.sh escapes          what reads messages as services do
#
# The list is scripts/python-NAME.txt, the place .build/NAME.
set -euo pipefail
name=${1:?usage: install-python.sh NAME}
cd "$(dirname "${BASH_SOURCE[0]}")/.."

wanted=scripts/python-$name.txt
place=.build/$name
mkdir -p .build
exec 9>"$place.lock"
flock 9
if ! cmp -s "$wanted" "$place/installed.txt"; then
  echo "Installing $wanted from PyPI" >&2
  rm -rf "$place"
  /usr/bin/python3 -m venv "$place"
  "$place/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted" >&2
  cp "$wanted" "$place/installed.txt"
fi
echo "$PWD/$place/bin/python"
