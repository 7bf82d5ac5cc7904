#!/usr/bin/env bash
# Installs the vendor's own Python client from PyPI into .build/vendor-client, unless it is there, for the tests that run it
# against the sandbox. Prints the interpreter that has it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

wanted=scripts/vendor-client.txt
place=.build/vendor-client
mkdir -p .build
exec 9>"$place.lock"
flock 9
if ! cmp -s "$wanted" "$place/installed.txt"; then
  echo "Installing $(grep docutray= "$wanted") from PyPI" >&2
  rm -rf "$place"
  /usr/bin/python3 -m venv "$place"
  "$place/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted" >&2
  cp "$wanted" "$place/installed.txt"
fi
echo "$PWD/$place/bin/python"
