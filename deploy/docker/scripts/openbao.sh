#!/bin/sh
# Brings OpenBao to the state in which the stack uses it, and is harmless when it is so already: KV version 2 at
# secret/, one policy and one AppRole for each identity, a fresh token for the server. The root token is
# revoked as soon as the AppRoles exist. Runs as root in the OpenBao image, at every `docker compose up`.
set -eu
umask 077

policies="${POLICIES:-/openbao/policies}"
admin="${ADMIN:-/openbao/admin}"                       # no other service mounts it
store="${STORE:-/openbao/external-secrets}"            # read by the service `cluster`
out="${OUT:-/out}"                                     # deploy/docker/out on the host

initialise() {
  bao operator init -recovery-shares=1 -recovery-threshold=1 -format=json > "$admin/init.json.part"
  mv "$admin/init.json.part" "$admin/init.json"
}

root_token() {
  sed -n 's/.*"root_token": *"\([^"]*\)".*/\1/p' "$admin/init.json"
}

sign_in() { # NAME
  bao write -field=token auth/approle/login role_id=@"$admin/$1.role-id" secret_id=@"$admin/$1.secret-id"
}

configure() {
  bao secrets list -format=json | grep -q '"secret/"' || bao secrets enable -path=secret -version=2 kv
  attempt=0 # a new mount answers "upgrading" for an instant
  # More versions than are ever staged, so that one which a revision names is never pushed out.
  until bao write secret/config max_versions=1000000 > /dev/null; do
    attempt=$((attempt + 1))
    [ "$attempt" -lt 30 ]
    sleep 1
  done
  for policy in "$policies"/*.json; do
    bao policy write "$(basename "$policy" .json)" "$policy"
  done
  bao auth list -format=json | grep -q '"approle/"' || bao auth enable approle
  role shipyard-server token_period=768h
  role shipyard-external-secrets token_ttl=15m
  role shipyard-stack token_ttl=5m
}

role() { # NAME LIFE
  bao write "auth/approle/role/$1" token_policies="$1" token_no_default_policy=true "$2" > /dev/null
}

issue() { # NAME: the AppRole's credentials, made once
  [ -s "$admin/$1.secret-id" ] && return
  bao read -field=role_id "auth/approle/role/$1/role-id" > "$admin/$1.role-id"
  bao write -f -field=secret_id "auth/approle/role/$1/secret-id" > "$admin/$1.secret-id.part"
  mv "$admin/$1.secret-id.part" "$admin/$1.secret-id"
}

rm -f "$out/stack.env" # it is written again when everything is ready
bao operator init -status > /dev/null || initialise

if [ -s "$admin/init.json" ]; then
  BAO_TOKEN="$(root_token)"
  export BAO_TOKEN
  configure
  for name in shipyard-server shipyard-external-secrets shipyard-stack; do issue "$name"; done
  bao token revoke -self
  # Kept for `bao operator generate-root`, should the policies ever need more than shipyard-stack may do.
  sed -n '/"recovery_keys_b64"/,/\]/p' "$admin/init.json" | sed -n 's/^ *"\([^"]*=*\)",*$/\1/p' > "$admin/recovery-key"
  rm "$admin/init.json"
  unset BAO_TOKEN
else
  BAO_TOKEN="$(sign_in shipyard-stack)"
  export BAO_TOKEN
  configure
  unset BAO_TOKEN
fi

cp "$admin/shipyard-external-secrets.role-id" "$store/role-id"
cp "$admin/shipyard-external-secrets.secret-id" "$store/secret-id"

sign_in shipyard-server > "$out/vault-token.part"
# Whoever owns the folder on the host may read the token, and nobody else.
chown "$(ls -dn "$out" | awk '{ print $3 ":" $4 }')" "$out/vault-token.part"
mv "$out/vault-token.part" "$out/vault-token"
echo 'OpenBao is set up.'
