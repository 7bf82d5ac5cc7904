#!/bin/sh
# Makes a certificate authority and the certificates of three servers in a directory: a good one for localhost, 127.0.0.1
# and ::1, one that has expired, and one for another host.
set -eu
cd "$1"

authority() { # file, name
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj "/CN=$2" \
    -keyout "$1.key" -out "$1.pem"
}

server() { # file, alternative names, days
  openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$1.key" -out "$1.csr"
  printf 'subjectAltName=%s\n' "$2" >"$1.ext"
  openssl x509 -req -in "$1.csr" -CA authority.pem -CAkey authority.key -CAcreateserial -days "$3" \
    -extfile "$1.ext" -out "$1.pem"
}

here="DNS:localhost,IP:127.0.0.1,IP:::1"
{
  authority authority "Test authority"
  authority stranger "Another authority"
  server valid "$here" 2
  server expired "$here" -1
  server elsewhere "DNS:elsewhere.example" 2
} >/dev/null 2>openssl.log || { cat openssl.log >&2; exit 1; }
