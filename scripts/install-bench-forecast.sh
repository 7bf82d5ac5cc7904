#!/usr/bin/env bash
# Installs what `make bench-forecast` needs from PyPI into .build/bench-forecast, unless it is there. Prints the interpreter
# that has it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

wanted=scripts/bench-forecast.txt
place=.build/bench-forecast
mkdir -p .build
exec 9>"$place.lock"
flock 9
if ! cmp -s "$wanted" "$place/installed.txt"; then
  echo "Installing the series and the peers of $wanted from PyPI" >&2
  rm -rf "$place"
  /usr/bin/python3 -m venv "$place"
  "$place/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted" >&2
  cp "$wanted" "$place/installed.txt"
fi
echo "$PWD/$place/bin/python"
