// Command hello is the demonstration and test program of a local stack: a small HTTP service that shows what
// reached it (environment, file, secret, neighbours) and that misbehaves on request. `hello pause` is the
// sandbox process of a pod. It never prints a secret's value, only its SHA-256.
package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"
)

const (
	drainTimeout      = 10 * time.Second
	readHeaderTimeout = 5 * time.Second
	idleTimeout       = 2 * time.Minute
)

func main() {
	if len(os.Args) > 1 && os.Args[1] == "pause" {
		pause()
		return
	}
	if len(os.Args) > 1 {
		fmt.Fprintf(os.Stderr, "hello: unknown mode %q; run it without arguments to serve, or as `hello pause`\n", os.Args[1])
		os.Exit(2)
	}
	settings, err := readSettings(os.Getenv)
	if err == nil {
		err = serve(settings)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "hello: %v\n", err)
		os.Exit(1)
	}
}

// serve answers until SIGTERM or SIGINT, then fails readiness, goes on answering for the shutdown delay (so that
// load balancers notice), accepts nothing new, and gives what is in flight ten seconds. A second signal ends it.
func serve(settings settings) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	application := newApp(settings, os.Stdout)
	server := &http.Server{
		Handler:           application.handler(),
		ReadHeaderTimeout: readHeaderTimeout,
		IdleTimeout:       idleTimeout,
	}
	listener, err := net.Listen("tcp", ":"+settings.port)
	if err != nil {
		return fmt.Errorf("cannot listen on port %s: %w", settings.port, err)
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	application.log.event("listening", "address", listener.Addr().String())
	select {
	case err := <-failed:
		return err
	case <-signals:
	}
	go func() {
		<-signals
		os.Exit(1)
	}()
	return drain(application, server)
}

func drain(application *app, server *http.Server) error {
	application.terminating.Store(true)
	server.SetKeepAlivesEnabled(false)
	application.log.event("stopping", "delay", application.settings.shutdownDelay.String())
	time.Sleep(application.settings.shutdownDelay)
	ctx, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	if err := server.Shutdown(ctx); err != nil {
		return errors.New("requests were still running when the time to drain was over")
	}
	application.log.event("stopped")
	return nil
}
