// Package ext is the extension point of Traefik's dynamic configuration, left empty.
//
// Traefik's own go.mod replaces this import by a folder of its repository that belongs to no published module, so who
// builds Traefik from the module supplies it. We extend nothing.
package ext

// HTTP is inlined into the HTTP part of the dynamic configuration.
type HTTP struct{}

// Router is inlined into a router.
type Router struct{}
