# Sourced by checks that start programs: gives them a folder, "$work", and ends what they started with them.
work=$(mktemp -d)
trap 'kill $(jobs -p) 2>/dev/null || true; wait; rm -rf "$work"' EXIT

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
