#!/bin/sh
# Makes, once in the life of the volumes, what must be there before anything starts: OpenBao's seal key and
# PostgreSQL's password. Runs as root in the OpenBao image.
set -eu

random_base64() {
  head -c 32 /dev/urandom | base64 | tr -d '\n'
}

seal="${SEAL_KEY:-/openbao/seal/key}"
if [ ! -s "$seal" ]; then
  (umask 077 && random_base64 > "$seal.part")
  chown "${SEAL_OWNER:-openbao:openbao}" "$seal.part"
  mv "$seal.part" "$seal"
fi

# A DSN carries the password, so it holds nothing that a URL would change. Only PostgreSQL and the last one-shot
# service mount its volume.
password="${PASSWORD_FILE:-/postgres/password}"
if [ ! -s "$password" ]; then
  random_base64 | tr '+/' '-_' | tr -d '=' > "$password.part"
  mv "$password.part" "$password"
fi
