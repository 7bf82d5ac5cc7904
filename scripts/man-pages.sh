#!/bin/sh
# Writes a manual page for the program and for each of its commands, of what `--help` says.
#
#   scripts/man-pages.sh PROGRAM FOLDER
set -eu
program=${1:?usage: man-pages.sh PROGRAM FOLDER}
folder=${2:?usage: man-pages.sh PROGRAM FOLDER}
mkdir -p "$folder"
version=$("$program" --version)

# The help of a command as a page: paragraphs as they stand, since examples and columns must stay in place.
page() {
  COLUMNS=72 NO_COLOR=1 "$program" "$@" --help | awk -v name="$(echo "quotawatch $*" | sed 's/ *$//; s/ /-/g')" -v version="$version" '
    function safe(line) { gsub(/\\/, "\\e", line); gsub(/-/, "\\-", line); sub(/^[.'"'"']/, "\\\\\\&&", line); return line }
    function begin(title) { if (filled) print ".fi"; print ".SH " title; filled = 0 }
    /^OVERVIEW: / { overview = substr($0, 11); reading = 1; next }
    reading && NF == 0 {
      printf ".TH %s 1 \"\" \"quotawatch %s\" \"quotawatch\"\n.ad l\n", toupper(name), version
      begin("NAME"); print safe(name) " \\- " safe(overview); reading = 0; next
    }
    reading { overview = overview " " $0; next }
    /^USAGE: / { begin("SYNOPSIS"); usage = 1; print safe(substr($0, 8)); next }
    usage && NF == 0 {
      usage = 0
      if (count) { begin("DESCRIPTION"); print ".nf"; filled = 1; for (i = 1; i <= count; i++) print lines[i] }
      next
    }
    /^[A-Z][A-Z ]*:$/ { begin(substr($0, 1, length($0) - 1)); print ".nf"; filled = 1; next }
    filled { print safe($0); next }
    NF || count { lines[++count] = safe($0) }
    END { if (filled) print ".fi" }' >"$folder/$(echo "quotawatch $*" | sed 's/ *$//; s/ /-/g').1"
  for next in $("$program" "$@" --help | awk '
    /SUBCOMMANDS:$/ { list = 1; next } /^[^ ]/ { list = 0 }
    list && /^  [a-z]/ { print $1 }'); do
    page "$@" "$next"
  done
}

page
