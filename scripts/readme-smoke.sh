#!/usr/bin/env bash
# Runs the README's examples, so that they stay true.
#
#   scripts/readme-smoke.sh PROGRAM [README]
#
# A fenced code block takes part if its first line says so:
#
#   ```sh smoke                  runs as it stands
#   ```console smoke             the lines that begin with "$ " run, and "> " continues one; the others show output, which
#                                is not compared
#   ```sh smoke background       (or console) is left running; what follows waits for its first line of output
#
# All blocks run in order in one bash, in a new directory that is also HOME, with PROGRAM as `quotawatch` on PATH and
# without the variables that configure it. The first command that fails ends everything.
set -euo pipefail

program=$(realpath "${1:?usage: readme-smoke.sh PROGRAM [README]}")
readme=$(realpath "${2:-"$(dirname "${BASH_SOURCE[0]}")/../README.md"}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/bin" "$work/home"
ln -s "$program" "$work/bin/quotawatch"

# Turns the marked blocks into calls of `run`, each with the place, the mode and the commands.
extract='
  function quoted(text) { gsub(/\047/, "\047\\\047\047", text); return "\047" text "\047" }
  /^```/ && !open {
    open = 1; marked = 0; mode = "foreground"; code = ""; start = NR
    count = split(substr($0, 4), words, /[ \t]+/)
    for (i = 2; i <= count; i++) { if (words[i] == "smoke") marked = 1; if (words[i] == "background") mode = words[i] }
    if (marked && words[1] != "sh" && words[1] != "console") {
      print "line " NR ": only sh and console blocks can be run" > "/dev/stderr"; exit 1
    }
    next
  }
  /^```/ && open {
    open = 0
    if (marked) print "run " start " " mode " " quoted(code)
    next
  }
  open && marked && words[1] == "sh" { code = code $0 "\n" }
  open && marked && words[1] == "console" && /^[$>] / { code = code substr($0, 3) "\n" }
'

awk "$extract" "$readme" >"$work/blocks"
if [[ ! -s $work/blocks ]]; then
  echo "$readme: no block is marked with \"smoke\"" >&2
  exit 1
fi

cat >"$work/script" <<'SCRIPT'
set -eEuo pipefail
trap 'echo "README line $line: failed with exit code $?" >&2' ERR
groups=()
trap 'for group in "${groups[@]}"; do kill -- "-$group" 2>/dev/null || true; done' EXIT

# Shows and runs a block: its line in the README, its mode, its commands.
run() {
  line=$1
  sed 's/^/$ /' <<<"${3%$'\n'}"
  if [[ $2 == background ]]; then start "$3"; else eval "$3"; fi
}

# Starts commands in a process group of their own, and waits for a line of output.
start() {
  local log="../background-$line" deadline=$((SECONDS + 30))
  : >"$log"
  set -m
  bash -eu -c "$1" >"$log" 2>&1 </dev/null &
  set +m
  groups+=("$!")
  until grep -q '' "$log"; do
    if ! kill -0 "$!" 2>/dev/null || ((SECONDS > deadline)); then
      echo "README line $line: it ended, or printed nothing for 30 s" >&2
      exit 1
    fi
    sleep 0.1
  done
  cat "$log"
}
SCRIPT
cat "$work/blocks" >>"$work/script"

cd "$work/home"
env --unset=QUOTAWATCH_CONFIG --unset=DOCUTRAY_API_KEY --unset=DOCUTRAY_BASE_URL --unset=XDG_CONFIG_HOME \
  HOME="$work/home" PATH="$work/bin:$PATH" bash "$work/script" </dev/null 2>&1 | tee "$work/output"
# Nothing of our own may be taken for what could steer a terminal.
if grep --line-number '�' "$work/output" >&2; then exit 1; fi
echo "README: $(grep -c '^run [0-9]* [a-z]*ground ' "$work/blocks") blocks ran"
