package challenge

import (
	"context"

	"github.com/go-acme/lego/v5/challenge/dns01"
	"github.com/go-acme/lego/v5/challenge/http01"
	"github.com/go-acme/lego/v5/challenge/tlsalpn01"
)

type Provider interface {
	Present(ctx context.Context, domain, token, keyAuth string) error
	CleanUp(ctx context.Context, domain, token, keyAuth string) error
}

type Solvers interface {
	SetDNS01Provider(Provider, ...dns01.Option) error
	SetHTTP01Provider(Provider, ...http01.Option) error
	SetTLSALPN01Provider(Provider, ...tlsalpn01.Option) error
}
