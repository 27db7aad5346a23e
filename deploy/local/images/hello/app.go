package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

const (
	maxSlow       = 10 * time.Minute
	maxUnready    = time.Hour
	maxAllocateMB = 65_536
	pageBytes     = 4096
)

type app struct {
	settings    settings
	log         *logger
	exit        func(int)
	terminating atomic.Bool
	unreadyTill atomic.Int64 // Unix nanoseconds
	memory      struct {
		sync.Mutex
		held  [][]byte // never freed: that is its purpose
		total int
	}
}

func newApp(settings settings, logTo io.Writer) *app {
	return &app{settings: settings, log: &logger{out: logTo, plain: settings.plainLog}, exit: os.Exit}
}

func (a *app) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", a.show)
	mux.HandleFunc("/crash", a.crash)
	mux.HandleFunc("/slow", a.slow)
	mux.HandleFunc("/allocate", a.allocate)
	mux.HandleFunc("/healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("/readyz", a.ready)
	mux.HandleFunc("/unready", a.unready)
	mux.HandleFunc("/headers", a.headers)
	return a.log.requests(mux)
}

func (a *app) crash(_ http.ResponseWriter, r *http.Request) {
	a.log.event("crashing because it was asked to", "requestId", requestID(r))
	a.exit(1)
}

func (a *app) slow(w http.ResponseWriter, r *http.Request) {
	ms, ok := number(w, r, "ms", 1000, int(maxSlow/time.Millisecond))
	if !ok {
		return
	}
	select {
	case <-time.After(time.Duration(ms) * time.Millisecond):
		fmt.Fprintf(w, "waited %d ms\n", ms)
	case <-r.Context().Done():
	}
}

// allocate takes memory and writes to every page of it, so that the kernel counts it.
func (a *app) allocate(w http.ResponseWriter, r *http.Request) {
	mb, ok := number(w, r, "mb", 16, maxAllocateMB)
	if !ok {
		return
	}
	a.memory.Lock()
	defer a.memory.Unlock()
	for range mb {
		block := make([]byte, 1<<20)
		for at := 0; at < len(block); at += pageBytes {
			block[at] = 1
		}
		a.memory.held = append(a.memory.held, block)
		a.memory.total++
	}
	fmt.Fprintf(w, "holding %d MiB\n", a.memory.total)
}

func (a *app) ready(w http.ResponseWriter, _ *http.Request) {
	switch {
	case a.terminating.Load():
		http.Error(w, "stopping", http.StatusServiceUnavailable)
	case time.Now().UnixNano() < a.unreadyTill.Load():
		http.Error(w, "unready because it was asked to be", http.StatusServiceUnavailable)
	default:
		fmt.Fprintln(w, "ready")
	}
}

func (a *app) unready(w http.ResponseWriter, r *http.Request) {
	seconds, ok := number(w, r, "seconds", 30, int(maxUnready/time.Second))
	if !ok {
		return
	}
	a.unreadyTill.Store(time.Now().Add(time.Duration(seconds) * time.Second).UnixNano())
	fmt.Fprintf(w, "unready for %d s\n", seconds)
}

// headers shows what the way to here added. Credentials are left out: a page's script must not read by this
// what its browser keeps from it.
func (a *app) headers(w http.ResponseWriter, r *http.Request) {
	shown := map[string]string{"host": r.Host, "remoteAddress": r.RemoteAddr}
	for name, values := range r.Header {
		shown[strings.ToLower(name)] = strings.Join(values, ", ")
	}
	for _, name := range []string{"authorization", "cookie", "proxy-authorization"} {
		if _, sent := shown[name]; sent {
			shown[name] = "(not shown)"
		}
	}
	writeJSON(w, shown)
}

func writeJSON(w http.ResponseWriter, value any) {
	w.Header().Set("content-type", "application/json")
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	// A failed write means that the caller has gone; there is nobody left to tell.
	_ = encoder.Encode(value)
}

func number(w http.ResponseWriter, r *http.Request, name string, fallback, highest int) (int, bool) {
	text := orDefault(r.URL.Query().Get(name), strconv.Itoa(fallback))
	value, err := strconv.Atoi(text)
	if err != nil || value < 0 || value > highest {
		http.Error(w, fmt.Sprintf("%s must be a whole number from 0 to %d", name, highest), http.StatusBadRequest)
		return 0, false
	}
	return value, true
}
