#!/bin/sh
# Installs a built program with all that belongs to it: manual pages, completions, documents, schemas, examples, units.
#
#   scripts/install.sh PROGRAM PREFIX [DESTDIR]
set -eu
program=$(realpath "${1:?usage: install.sh PROGRAM PREFIX [DESTDIR]}")
prefix=${2:?usage: install.sh PROGRAM PREFIX [DESTDIR]}
root=${3:-}$prefix
cd "$(dirname "$0")/.."

install -D -m 0755 "$program" "$root/bin/quotawatch"
share=$root/share/quotawatch
install -D -m 0644 -t "$share" deploy/alerts.schema.json deploy/invoice-mapping.schema.json alerts.example.json
install -D -m 0644 -t "$share/prometheus" deploy/prometheus/*.yml
install -D -m 0644 deploy/cron.d/quotawatch "$share/examples/quotawatch.cron"
sed -i 's|"deploy/alerts.schema.json"|"alerts.schema.json"|' "$share/alerts.example.json"

scripts/man-pages.sh "$program" "$root/share/man/man1"
chmod 0644 "$root"/share/man/man1/quotawatch*.1

completion() {
  mkdir -p "$(dirname "$2")"
  "$program" --generate-completion-script "$1" >"$2"
  chmod 0644 "$2"
}
completion bash "$root/share/bash-completion/completions/quotawatch"
completion zsh "$root/share/zsh/vendor-completions/_quotawatch"
completion fish "$root/share/fish/vendor_completions.d/quotawatch.fish"

find docs README.md CHANGELOG.md -type f ! -path 'docs/decisions/*' | while read -r file; do
  install -D -m 0644 "$file" "$root/share/doc/quotawatch/$file"
done

units=$root/lib/systemd/system
install -D -m 0644 -t "$units" deploy/systemd/*.service deploy/systemd/*.timer
sed -i "s|/usr/local/bin/|$prefix/bin/|" "$units"/quotawatch*.service
