package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"
)

const maxRequestID = 128

// logger writes one line for each event, as JSON or as plain text, and keeps lines of parallel requests whole.
type logger struct {
	mutex sync.Mutex
	out   io.Writer
	plain bool
}

// event writes a message with pairs of a name and a value.
func (l *logger) event(message string, pairs ...any) {
	now := time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	var line strings.Builder
	if l.plain {
		fmt.Fprintf(&line, "%s %s", now, message)
		for i := 0; i+1 < len(pairs); i += 2 {
			fmt.Fprintf(&line, " %v=%s", pairs[i], jsonText(pairs[i+1]))
		}
	} else {
		fmt.Fprintf(&line, `{"time":%q,"message":%s`, now, jsonText(message))
		for i := 0; i+1 < len(pairs); i += 2 {
			fmt.Fprintf(&line, ",%s:%s", jsonText(pairs[i]), jsonText(pairs[i+1]))
		}
		line.WriteString("}")
	}
	l.mutex.Lock()
	defer l.mutex.Unlock()
	_, _ = io.WriteString(l.out, line.String()+"\n") // nowhere to report that the log is gone
}

// jsonText cannot break out of its line, whatever a caller put into a path.
func jsonText(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		return `"?"`
	}
	return string(text)
}

// requests logs method, path, status, duration and request id; never the query or a body, which may hold secrets.
func (l *logger) requests(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		started := time.Now()
		recorder := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(recorder, r)
		pairs := []any{
			"method", r.Method, "path", r.URL.Path, "status", recorder.status,
			"durationMs", float64(time.Since(started).Microseconds()) / 1000,
		}
		if id := requestID(r); id != "" {
			pairs = append(pairs, "requestId", id)
		}
		l.event("request", pairs...)
	})
}

func requestID(r *http.Request) string {
	id := r.Header.Get("x-request-id")
	return id[:min(len(id), maxRequestID)]
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

func (s *statusRecorder) WriteHeader(status int) {
	s.status = status
	s.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the real writer.
func (s *statusRecorder) Unwrap() http.ResponseWriter { return s.ResponseWriter }
