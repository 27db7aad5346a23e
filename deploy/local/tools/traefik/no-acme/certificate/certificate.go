package certificate

import (
	"context"

	"github.com/go-acme/lego/v5/certcrypto"
)

type Resource struct {
	ID          string
	Domains     []string
	PrivateKey  []byte
	Certificate []byte
}

type ObtainRequest struct {
	Domains          []string
	EmailAddresses   []string
	Profile          string
	PreferredChain   string
	KeyType          certcrypto.KeyType
	Bundle           bool
	EnableCommonName bool
}

type RenewOptions struct {
	EmailAddresses   []string
	Profile          string
	PreferredChain   string
	Bundle           bool
	EnableCommonName bool
}

type Certifier interface {
	Obtain(context.Context, ObtainRequest) (*Resource, error)
	Renew(context.Context, Resource, *RenewOptions) (*Resource, error)
}
