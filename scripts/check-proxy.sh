#!/usr/bin/env bash
# Sees that the proxies and the certificate authorities that the environment names are those that are used, for the vendor, for
# channels and for mail: check-proxy.sh PROGRAM
set -euo pipefail
program=$(realpath "${1:?usage: check-proxy.sh PROGRAM}")
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts=$PWD/scripts

source scripts/started.sh
cd "$work"
openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.pem -subj "/CN=Test" -days 2 2>openssl.log
openssl req -newkey rsa:2048 -nodes -keyout key.pem -out request.pem -subj "/CN=vendor.example" 2>>openssl.log
printf 'subjectAltName=DNS:vendor.example,DNS:hooks.example,IP:10.1.2.3,IP:fd12::1' >names
openssl x509 -req -in request.pem -CA ca.pem -CAkey ca.key -CAcreateserial -out certificate.pem -days 2 -extfile names 2>>openssl.log
"$program" sandbox --port 0 >sandbox.log &
address sandbox.log >/dev/null
python3 "$scripts/check-proxy.py" "$program" "$(grep -oE 'smtp://[0-9.]+:[0-9]+' sandbox.log)"
