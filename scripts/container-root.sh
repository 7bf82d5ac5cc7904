# Sourced by checks that start the program in a root file system as the image has it, without a container engine: the program,
# what `ldd` names, certificates and time zones. Needs root.

# Makes the root file system of a program.
container_root() {
  local program=$1 root=$2
  mkdir -p "$root"/{etc/quotawatch,etc/ssl/certs,usr/share,run/secrets/quotawatch,data,tmp,dev,proc}
  install -D "$program" "$root/usr/bin/quotawatch"
  ldd "$program" | grep -oE '/[^ ]+' | sort -u | while read -r library; do install -D "$library" "$root$library"; done
  # glibc loads these by name, to look hosts up.
  cp -L --parents /lib/*-linux-gnu/libnss_{files,dns}.so.2 /lib/*-linux-gnu/libresolv.so.2 "$root"
  cp /etc/ssl/certs/ca-certificates.crt "$root/etc/ssl/certs"
  cp -r /usr/share/zoneinfo "$root/usr/share"
  touch "$root/dev/null"
  chown 65532:65532 "$root/data"
  install -D "$(command -v env)" "$root/usr/bin/env"
}

# Runs the program inside, as the image does: nothing but /data can be written to, and there is no user 65532.
inside() {
  unshare --mount --pid --fork --kill-child bash -c '
    root=$1; shift
    mount --bind "$root" "$root"
    mount --bind "$root/data" "$root/data"
    mount --bind /dev/null "$root/dev/null"
    mount -t proc proc "$root/proc"
    mount -o remount,bind,ro "$root"
    exec chroot --userspec=65532:65532 "$root" /usr/bin/env -i QUOTAWATCH_CONFIG=/etc/quotawatch/alerts.json \
      SWIFT_BACKTRACE=enable=no /usr/bin/quotawatch "$@"' inside "$@"
}
