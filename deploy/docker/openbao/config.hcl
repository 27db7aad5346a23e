# OpenBao, which speaks Vault's API. TLS is left out because the port is published on loopback only.
storage "raft" {
  path                   = "/openbao/file"
  node_id                = "openbao"
  performance_multiplier = 1 # alone, it need not wait long before it elects itself
}

listener "tcp" {
  address     = "0.0.0.0:8200"
  tls_disable = true
}

# It unseals itself with a key that the service `keys` made; a restart needs nobody.
seal "static" {
  current_key_id = "compose"
  current_key    = "file:///openbao/seal/key"
}

api_addr          = "http://10.213.83.10:8200"
cluster_addr      = "http://127.0.0.1:8201"
ui                = true
log_level         = "warn"
default_lease_ttl = "24h"
max_lease_ttl     = "87600h"
