package http01

import "time"

// PathPrefix is where an authority asks for the answer of a challenge (RFC 8555, section 8.3).
const PathPrefix = "/.well-known/acme-challenge/"

type Option struct{}

func SetDelay(time.Duration) Option { return Option{} }
