#!/bin/bash
# Asks /readyz without a program that the image does not have. Ends with 0 if the program can answer requests. Not for a
# server that speaks TLS itself.
# Usage: is_ready.sh [PORT]; the server's by default
set -eu
exec 3<>"/dev/tcp/127.0.0.1/${1:-${SOTTO_SERVE_PORT:-8080}}"
printf 'GET /readyz HTTP/1.0\r\n\r\n' >&3
IFS= read -r line <&3
[[ $line == *' 200 '* ]]
