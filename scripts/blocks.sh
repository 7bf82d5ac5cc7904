#!/usr/bin/env bash
# Prints the marked blocks of a page as commands for bash, in their order.
#
#   scripts/blocks.sh PAGE MARK
#
# A fenced code block takes part if a word behind its language is the mark:
#
#   ```sh MARK                   runs as it stands
#   ```console MARK              the lines that begin with "$ " run, and "> " continues one; the others show output, which
#                                is not compared
#   ```sh MARK background        (or console) is left running; what follows waits for its first line of output
#   ```json MARK file=NAME       (or any other language) is written to the file
#
# What is printed calls `run LINE MODE COMMANDS` and `file LINE NAME TEXT`, which scripts/blocks-run.sh defines. A block that
# stands in a list is taken without its indentation.
set -euo pipefail
page=${1:?usage: blocks.sh PAGE MARK}
mark=${2:?usage: blocks.sh PAGE MARK}
awk -v mark="$mark" '
  function quoted(text) { gsub(/\047/, "\047\\\047\047", text); return "\047" text "\047" }
  /^ *```/ && !open {
    open = 1; marked = 0; mode = "foreground"; name = ""; text = ""; start = NR
    match($0, /^ */); indentation = RLENGTH
    count = split(substr($0, indentation + 4), words, /[ \t]+/)
    for (i = 2; i <= count; i++) {
      if (words[i] == mark) marked = 1
      if (words[i] == "background") mode = words[i]
      if (words[i] ~ /^file=/) name = substr(words[i], 6)
    }
    if (marked && name == "" && words[1] != "sh" && words[1] != "console") {
      print "line " NR ": only sh and console blocks can be run" > "/dev/stderr"; exit 1
    }
    next
  }
  { line = substr($0, 1, indentation) ~ /^ *$/ ? substr($0, indentation + 1) : $0 }
  /^ *```/ && open {
    open = 0
    if (marked && name != "") print "file " start " " quoted(name) " " quoted(text)
    else if (marked) print "run " start " " mode " " quoted(text)
    found += marked
    next
  }
  open && marked && (name != "" || words[1] == "sh") { text = text line "\n" }
  open && marked && name == "" && words[1] == "console" && line ~ /^[$>] / { text = text substr(line, 3) "\n" }
  END { if (!found) { print FILENAME ": no block is marked with \"" mark "\"" > "/dev/stderr"; exit 1 } }
' "$page"
