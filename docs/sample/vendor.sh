#!/bin/sh
# Tells the simulated vendor of docs/close-a-month.md what six organizations have used in September 2026.
set -eu
vendor=${1:-http://127.0.0.1:8480}

tell() { # id, name, pages, conversions
  curl -fsS -o /dev/null -d "{\"id\": \"$1\", \"name\": \"$2\", \"keys\": [\"sample-key-$1\"]}" "$vendor/sandbox/organizations"
  curl -fsS -o /dev/null -d "{\"organization\": \"$1\", \"month\": \"2026-09\", \"pages\": $3, \"conversions\": $4}" "$vendor/sandbox/usage"
}

tell acme "Acme Corp" 4140 703
tell globex "Globex" 11204 1900
tell hooli "Hooli" 722 123
tell initech "Initech" 1775 336
tell stark "Stark Industries" 3563 627
tell umbrella "Umbrella" 0 0
