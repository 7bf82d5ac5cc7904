#!/usr/bin/env bash
# Installs the Debian packages named as arguments, as far as they are missing. Says nothing if none is.
set -euo pipefail

if ! command -v dpkg-query apt-get >/dev/null; then
  echo "note: this is not a Debian system; what these Debian packages hold has to be there: $*" >&2
  exit 0
fi

missing=()
for package; do
  # One line for each architecture in which the package is known.
  status=$(dpkg-query --show --showformat '${db:Status-Status}\n' "$package" 2>/dev/null || true)
  grep -qx installed <<<"$status" || missing+=("$package")
done
((${#missing[@]})) || exit 0

as_root=()
if ((EUID != 0)); then
  # sudo may ask for a password only where somebody can type it.
  if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || [[ -t 0 ]]; }; then
    as_root=(sudo)
  else
    echo "error: these packages are missing, and installing them needs root: ${missing[*]}" >&2
    echo "Run: apt-get update && apt-get install ${missing[*]}" >&2
    exit 1
  fi
fi

# Under this run level no package starts the service that it brings.
apt() {
  "${as_root[@]}" env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get -qq -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 "$@" </dev/null
}

echo "Installing ${missing[*]}"
apt update || echo "warning: the package lists could not be brought up to date" >&2
if ! apt install --yes --no-install-recommends "${missing[@]}"; then
  echo "error: could not install ${missing[*]}; see apt's message above" >&2
  exit 1
fi
