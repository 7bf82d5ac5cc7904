# For scripts that run the blocks of a page: `blocks PAGE MARK` runs them in order. The first command that fails ends
# everything. Commands get the lines of the file descriptor 3, where it is open, as answers to what they ask.
set -eEuo pipefail
blocks_folder=$(dirname "$(realpath "${BASH_SOURCE[0]}")")
groups=()
end_groups() { for group in "${groups[@]}"; do kill -- "-$group" 2>/dev/null || true; done; }
trap end_groups EXIT

blocks() {
  page=$1
  local commands
  commands=$("$blocks_folder/blocks.sh" "$1" "$2")
  trap 'echo "$page line $line: failed with exit code $?" >&2' ERR
  eval "$commands"
  trap - ERR
}

# Shows and runs a block: its line in the page, its mode, its commands.
run() {
  line=$1
  sed 's/^/$ /' <<<"${3%$'\n'}"
  if [[ $2 == background ]]; then
    start "$3"
  elif [[ $3 == *"read -r"* ]]; then
    eval "$3" <&3
  else
    eval "$3" </dev/null
  fi
}

# Writes a block to a file, in a folder that is made.
file() {
  line=$1
  mkdir -p "$(dirname "$2")"
  printf %s "$3" >"$2"
}

# Starts commands in a process group of their own, and waits for a line of output.
start() {
  local log deadline=$((SECONDS + 30))
  log=$(mktemp)
  set -m
  bash -eu -c "$1" >"$log" 2>&1 </dev/null &
  set +m
  groups+=("$!")
  until grep -q '' "$log"; do
    if ! kill -0 "$!" 2>/dev/null || ((SECONDS > deadline)); then
      echo "$page line $line: it ended, or printed nothing for 30 s" >&2
      exit 1
    fi
    sleep 0.1
  done
  cat "$log"
}
