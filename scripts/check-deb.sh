#!/usr/bin/env bash
# Builds the Debian package, looks at what is in it, unpacks it and starts the program, its units and its manual from there.
#
#   scripts/check-deb.sh PROGRAM
set -euo pipefail
program=$(realpath "${1:?usage: check-deb.sh PROGRAM}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
source scripts/started.sh
scripts/build-deb.sh "$program" "$work" >/dev/null
cd "$work"
package=$(echo quotawatch_*.deb)
depends=$(dpkg-deb --field "$package" Depends)
for needed in libcurl4 libsqlite3-0 ca-certificates tzdata; do
  grep -qw "$needed" <<<"$depends" || { echo "the package does not depend on $needed: $depends" >&2; exit 1; }
done
[[ $(dpkg-deb --field "$package" Version) == $("$program" --version) ]]
# Nothing in it belongs to whoever built it, or can be written to by others.
if dpkg-deb --contents "$package" | grep -vE '^[-dl]rw[-x]r-[-x]r-[-x] root/root '; then exit 1; fi

dpkg-deb --extract "$package" unpacked
dpkg-deb --control "$package" control
while read -r file; do [[ -f unpacked$file ]] || { echo "no such conffile: $file" >&2; exit 1; }; done <control/conffiles
installed=$PWD/unpacked/usr/bin/quotawatch
"$installed" --version >/dev/null
# What lies beside the program is not taken for a library of its.
if readelf --dynamic "$installed" | grep -E 'RPATH|RUNPATH'; then exit 1; fi

"$installed" sandbox --port 0 --organizations 3 >sandbox.log &
vendor=$(address sandbox.log)
export DOCUTRAY_BASE_URL=$vendor DOCUTRAY_API_KEY=bench-key-00001
"$installed" collect --quiet
"$installed" status | grep default >/dev/null

for unit in unpacked/usr/lib/systemd/system/*.service; do
  grep -q '^ExecStart=/usr/bin/quotawatch ' "$unit" || { echo "$unit starts another program" >&2; exit 1; }
done
pages=$(find unpacked/usr/share/man -name '*.1.gz' | wc -l)
((pages > 40)) || { echo "$pages manual pages" >&2; exit 1; }
for page in unpacked/usr/share/man/man1/*.1.gz; do
  warnings=$(MANWIDTH=80 man --warnings -l "$page" 2>&1 >page.txt) || true
  [[ -z $warnings ]] || { echo "$page: $warnings" >&2; exit 1; }
  for section in NAME SYNOPSIS OPTIONS; do grep -q "^$section" page.txt || { echo "$page has no $section" >&2; exit 1; }; done
  if awk 'length > 80' page.txt | grep .; then echo "$page is wider than a terminal" >&2; exit 1; fi
done

# A shell completes commands, options, and the names of the configuration.
cat >alerts.json <<'END'
{"organizations": [{"id": "acme", "api_key": {"env": "KEY"}}, {"id": "globex", "api_key": {"env": "KEY"}}]}
END
bash -c '
  source unpacked/usr/share/bash-completion/completions/quotawatch
  PATH=$PWD/unpacked/usr/bin:$PATH
  COMP_WORDS=(quotawatch why "") COMP_CWORD=2 COMP_LINE="quotawatch why " COMP_POINT=15
  _quotawatch quotawatch "" why
  printf "%s\n" "${COMPREPLY[@]}"' | grep -x acme >/dev/null
echo "deb: $package is sound, $pages manual pages"
