package dns01

import (
	"strings"
	"time"
)

type (
	Option  struct{}
	Client  struct{}
	Options struct{ RecursiveNameservers []string }
)

func NewClient(*Options) *Client { return nil }

func SetDefaultClient(*Client) {}

func CondOptions(bool, ...Option) Option { return Option{} }

func DisableAuthoritativeNssPropagationRequirement() Option { return Option{} }

func DisableRecursiveNSsPropagationRequirement() Option { return Option{} }

func PropagationWait(time.Duration, bool) Option { return Option{} }

// UnFqdn takes the trailing dot off a domain name.
func UnFqdn(name string) string { return strings.TrimSuffix(name, ".") }
