# Sourced by checks that start programs: gives them a folder, "$work", and ends what they started with them.
work=$(mktemp -d)
# What is started is a group of processes, so that also what a function has started for it ends.
set -m
trap 'for group in $(jobs -p); do kill -- "-$group" 2>/dev/null || true; done; wait 2>/dev/null; rm -rf "$work"' EXIT

# Waits until a program that was started last has written to a file where it listens, and prints the address.
address() {
  for _ in $(seq 200); do
    grep -oE 'http://[0-9.]+:[0-9]+' "$1" | head -n 1 && return
    sleep 0.05
  done
  echo "$1 names no address:" >&2
  cat "$1" >&2
  return 1
}
