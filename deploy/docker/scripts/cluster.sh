#!/bin/sh
# Puts into k3s what the stack needs there, waits until it works, and then tells the host how to reach
# everything: deploy/docker/out/kubeconfig.yaml and, last, stack.env. Runs in the k3s image (kubectl and BusyBox)
# at every `docker compose up`; every step may be repeated.
set -eu
umask 077

manifests="${MANIFESTS:-/manifests}"
definitions="${DEFINITIONS:-/definitions}"
credentials="${CREDENTIALS:-/openbao/external-secrets}"
out="${OUT:-/out}"
export KUBECONFIG=/tmp/kubeconfig.yaml

sed "s#https://127.0.0.1:6443#${API:-https://k3s:6443}#" "${K3S_CONFIG:-/kubeconfig/k3s.yaml}" > "$KUBECONFIG"

# until_there SECONDS ARGUMENTS...: asks `kubectl get` until the object exists.
until_there() {
  left="$1"
  shift
  until kubectl get "$@" > /dev/null 2>&1; do
    left=$((left - 1))
    if [ "$left" -le 0 ]; then
      echo "gave up waiting for: $*" >&2
      exit 1
    fi
    sleep 1
  done
}

# deliver FILE: gives it to whoever owns the folder on the host, whole or not at all.
deliver() {
  chown "$(ls -dn "$out" | awk '{ print $3 ":" $4 }')" "$out/$1.part"
  mv "$out/$1.part" "$out/$1"
}

until_there 120 node shipyard
kubectl wait node/shipyard --for=condition=Ready --timeout=120s

until_there 120 crd/helmcharts.helm.cattle.io
for file in "$manifests"/[0-9]*.yaml; do
  kubectl apply --server-side --field-manager=shipyard-compose -f "$file"
done
kubectl apply --server-side --field-manager=shipyard-compose -f "$definitions"
kubectl create secret generic openbao-approle --namespace=external-secrets --dry-run=client --output=yaml \
  --from-file=role-id="$credentials/role-id" --from-file=secret-id="$credentials/secret-id" |
  kubectl apply --server-side --field-manager=shipyard-compose -f -

until_there 300 crd/clustersecretstores.external-secrets.io
kubectl wait crd/clustersecretstores.external-secrets.io --for=condition=Established --timeout=60s
until_there 300 deployment/external-secrets --namespace=external-secrets
kubectl rollout status deployment/external-secrets --namespace=external-secrets --timeout=300s
kubectl apply --server-side --field-manager=shipyard-compose -f "$manifests/store.yaml"
kubectl wait clustersecretstore/vault --for=condition=Ready --timeout=120s
kubectl rollout status deployment/traefik --namespace=traefik --timeout=300s

sed 's#https://127.0.0.1:6443#https://127.0.0.1:16443#' "${K3S_CONFIG:-/kubeconfig/k3s.yaml}" > "$out/kubeconfig.yaml.part"
deliver kubeconfig.yaml

# Paths are relative to the top of the repository.
cat > "$out/stack.env.part" << END
DATABASE_DSN=postgres://shipyard:$(cat "${PASSWORD_FILE:-/postgres/password}")@127.0.0.1:15432/scheduler?sslmode=disable
VAULT_ADDR=http://127.0.0.1:18200
VAULT_TOKEN_FILE=deploy/docker/out/vault-token
KUBERNETES_ENABLED=true
KUBECONFIG=deploy/docker/out/kubeconfig.yaml
CLUSTER_SECRET_STORE=vault
DEPLOYMENT_DOMAIN=apps.localhost
INGRESS_HTTP_PORT=18080
INGRESS_HTTPS_PORT=18443
INGRESS_FROM=10.42.0.1/32
INGRESS_PROBE=http://127.0.0.1:18080
INGRESS_PROBE_TLS=https://127.0.0.1:18443
SHIPYARD_REGISTRY=registry.localhost=http://127.0.0.1:15000
REDIS_URL=redis://127.0.0.1:16379
SMTP_URL=smtp://127.0.0.1:11025
END
deliver stack.env
echo 'The stack is ready; deploy/docker/out/stack.env says how to reach it.'
