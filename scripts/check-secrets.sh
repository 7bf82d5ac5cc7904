#!/usr/bin/env bash
# Shows that the program takes secrets where orchestrators put them, as an unprivileged user in a mount namespace of its own.
#
# usage: scripts/check-secrets.sh PROGRAM
set -euo pipefail
program=$(realpath "${1:?usage: check-secrets.sh PROGRAM}")
if [ -z "${INSIDE:-}" ]; then
  root=()
  if [ "$(id -u)" != 0 ]; then root=(sudo); fi
  exec "${root[@]}" env INSIDE=1 unshare --mount --propagation private "$0" "$program"
fi

folder=$(mktemp -d)
trap 'umount "$folder"/* 2>/dev/null || true; rm -rf "$folder"' EXIT
chmod 755 "$folder"
failed=0

# check USER EXPECTED NAME SECRET: whether `check` takes the secret.
check() {
  local configuration="$folder/$3.json" found
  printf '{ "database": "/tmp/quotawatch-none/db", "organizations": [{ "id": "acme", "api_key": %s }] }' "$4" >"$configuration"
  found=$(setpriv --reuid="$1" --regid="$1" --clear-groups "$program" check --config "$configuration" 2>/dev/null |
    grep 'organization acme' | cut -d' ' -f1 || true)
  if [ "$found" = "$2" ]; then
    echo "ok: uid $1, $3: $2"
  else
    echo "FAILED: uid $1, $3: expected $2, found ${found:-nothing}" >&2
    failed=1
  fi
}

# As Kubernetes does it: a tmpfs with a folder of the version, a link ..data to it, and a link for each key.
mkdir "$folder/volume" "$folder/bound" "$folder/disk"
mount -t tmpfs tmpfs "$folder/volume"
mkdir "$folder/volume/..2026"
printf 'key' >"$folder/volume/..2026/key"
ln -s ..2026 "$folder/volume/..data"
ln -s ..data/key "$folder/volume/key"
for user in 65532 0; do
  for mode in 444 644 440 400; do
    chmod "$mode" "$folder/volume/..2026/key"
    expected=ok
    if [ "$user" != 0 ] && [ $((0$mode & 4)) = 0 ]; then expected=problem; fi
    check "$user" "$expected" "tmpfs-$mode" "{ \"file\": \"$folder/volume/key\" }"
  done
  chmod 666 "$folder/volume/..2026/key"
  check "$user" problem tmpfs-666 "{ \"file\": \"$folder/volume/key\" }"
done

# As Compose does it: a file of the host, bound read-only.
printf 'key' >"$folder/disk/key"
touch "$folder/bound/key"
for owner in 0 65532 1234; do
  chown "$owner" "$folder/disk/key"
  chmod 644 "$folder/disk/key"
  mount --bind "$folder/disk/key" "$folder/bound/key"
  mount -o remount,bind,ro "$folder/bound/key"
  expected=problem
  if [ "$owner" = 0 ]; then expected=ok; fi
  check 65532 "$expected" "read-only-mount-of-$owner" "{ \"file\": \"$folder/bound/key\" }"
  check 65532 ok "shared-mount-of-$owner" "{ \"file\": \"$folder/bound/key\", \"shared\": true }"
  umount "$folder/bound/key"
  check 65532 problem "disk-of-$owner" "{ \"file\": \"$folder/disk/key\" }"
done

# A full disk behind standard output, also for what the argument parser prints.
for arguments in --help --version "check --config $folder/disk-of-0.json"; do
  code=0
  # shellcheck disable=SC2086
  "$program" $arguments >/dev/full 2>/dev/null || code=$?
  if [ "$code" = 74 ]; then
    echo "ok: $arguments to a full disk: 74"
  else
    echo "FAILED: $arguments to a full disk: $code" >&2
    failed=1
  fi
done
exit "$failed"
