#!/usr/bin/env bash
# Builds a Debian package of a built program: quotawatch_VERSION_ARCHITECTURE.deb.
#
#   scripts/build-deb.sh PROGRAM FOLDER
set -euo pipefail
program=$(realpath "${1:?usage: build-deb.sh PROGRAM FOLDER}")
folder=$(realpath "${2:?usage: build-deb.sh PROGRAM FOLDER}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT
chmod 0755 "$root"

scripts/install.sh "$program" /usr "$root"
gzip -9n "$root"/usr/share/man/man1/*.1
# What the machine's owner may change, and an upgrade keeps.
install -D -m 0644 /dev/stdin "$root/etc/quotawatch/alerts.json.example" <"$root/usr/share/quotawatch/alerts.example.json"
install -D -m 0644 /dev/stdin "$root/etc/default/quotawatch" <<'END'
# Options that all units of quotawatch add to the program's, such as OPTIONS="--log-level info". What only one of them takes, such
# as --listen, belongs into a drop-in of that unit (systemctl edit): the others would not start with it.
OPTIONS=""
END
sed -i -E '/^ExecStart=/ { s|$| $OPTIONS|; i EnvironmentFile=-/etc/default/quotawatch
}' "$root"/usr/lib/systemd/system/quotawatch*.service

# The packages of the libraries that the program names; theirs bring what they need themselves.
package_of() {
  local path
  path=$(ldd "$program" | awk -v library="$1" '$1 == library { print $3 }')
  # The loader itself stands without an arrow, and belongs to the C library.
  [[ -n $path ]] || { echo libc6; return; }
  { dpkg-query -S "$(realpath "$path")" || dpkg-query -S "$path"; } 2>/dev/null | sed 's/:.*//;q' | grep . ||
    { echo "$path belongs to no package: build the program with \`make build\`" >&2; return 1; }
}
depends=$(objdump -p "$program" | awk '$1 == "NEEDED" { print $2 }' | while read -r library; do package_of "$library" || exit 1; done)
version=$("$program" --version)
architecture=$(dpkg --print-architecture)
mkdir "$root/DEBIAN"
cat >"$root/DEBIAN/control" <<END
Package: quotawatch
Version: $version
Architecture: $architecture
Maintainer: quotawatch <quotawatch@localhost>
Section: admin
Priority: optional
Installed-Size: $(du -sk --exclude=DEBIAN "$root" | cut -f 1)
Depends: $(sort -u <<<"$depends" | paste -sd , | sed 's/,/, /g'), ca-certificates, tzdata
Description: watches the usage of DocuTray keys and warns before a quota is hit
 It asks the vendor for each key's usage, stores it, judges it by rules, and
 tells by Slack, mail, webhooks and other channels. It holds the vendor's count
 against one's own and against the invoices.
END
(cd "$root" && find etc -type f -printf '/%p\n' | sort) >"$root/DEBIAN/conffiles"
install -m 0755 /dev/stdin "$root/DEBIAN/postinst" <<'END'
#!/bin/sh
set -e
if [ "$1" = configure ] && [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
END
install -m 0755 /dev/stdin "$root/DEBIAN/postrm" <<'END'
#!/bin/sh
set -e
if [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
END
dpkg-deb --root-owner-group --build "$root" "$folder/quotawatch_${version}_$architecture.deb"
