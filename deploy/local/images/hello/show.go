package main

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	callTimeout  = 2 * time.Second
	maxShown     = 64 << 10
	maxCallDepth = 3
	depthHeader  = "x-hello-depth"
	notShown     = "(a secret, not shown)"
)

func (a *app) show(w http.ResponseWriter, r *http.Request) {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown"
	}
	content := page{
		Host:     host,
		Pid:      os.Getpid(),
		Env:      a.shownEnv(),
		envOrder: a.settings.showEnv,
		File:     a.shownFile(),
		Secret:   a.shownSecret(),
		Called:   a.called(r),
	}
	if strings.Contains(r.Header.Get("accept"), "json") {
		writeJSON(w, content)
		return
	}
	w.Header().Set("content-type", "text/plain; charset=utf-8")
	_, _ = io.WriteString(w, content.text()) // a failed write means that the caller has gone
}

func (a *app) shownEnv() map[string]string {
	shown := map[string]string{}
	for _, name := range a.settings.showEnv {
		shown[name] = a.settings.getenv(name)
		if a.isSecret(shown[name]) || name == a.settings.secretEnv {
			shown[name] = notShown
		}
	}
	return shown
}

// isSecret tells whether a text would give the secret away, under whatever name it came.
func (a *app) isSecret(text string) bool {
	return slices.ContainsFunc(a.secrets(), func(secret string) bool { return strings.Contains(text, secret) })
}

func (a *app) secrets() []string {
	values := []string{a.settings.getenv(a.settings.secretEnv)}
	if content, err := os.ReadFile(a.settings.secretFile); err == nil {
		values = append(values, strings.TrimSpace(string(content)))
	}
	return slices.DeleteFunc(values, func(value string) bool { return value == "" })
}

func (a *app) shownFile() *shownFile {
	path := a.settings.showFile
	if path == "" {
		return nil
	}
	file, err := os.Open(path)
	if err != nil {
		return &shownFile{Path: path, Error: "cannot be read"}
	}
	defer file.Close()
	content, err := io.ReadAll(io.LimitReader(file, maxShown))
	if err != nil {
		return &shownFile{Path: path, Error: "cannot be read"}
	}
	if a.isSecret(string(content)) {
		return &shownFile{Path: path, Content: notShown}
	}
	return &shownFile{Path: path, Content: string(content)}
}

// shownSecret is the SHA-256 of the exact bytes, in hexadecimal.
func (a *app) shownSecret() *shownSecret {
	if a.settings.secretEnv == "" && a.settings.secretFile == "" {
		return nil
	}
	shown := &shownSecret{}
	if value := a.settings.getenv(a.settings.secretEnv); value != "" {
		shown.EnvSHA256 = hexSHA256([]byte(value))
	} else if a.settings.secretEnv != "" {
		shown.Error = a.settings.secretEnv + " is not set"
	}
	if a.settings.secretFile != "" {
		content, err := os.ReadFile(a.settings.secretFile)
		if err != nil {
			shown.Error = a.settings.secretFile + " cannot be read"
		} else {
			shown.FileSHA256 = hexSHA256(content)
		}
	}
	return shown
}

func hexSHA256(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// called asks the other service. A header counts the hops, so that services that call each other come to an end.
func (a *app) called(r *http.Request) *called {
	if a.settings.callURL == "" {
		return nil
	}
	answer := &called{URL: a.settings.callURL}
	depth, _ := strconv.Atoi(r.Header.Get(depthHeader)) // no header, or nonsense, counts as no hop
	if depth >= maxCallDepth {
		answer.Error = "not called: too many hops"
		return answer
	}
	request, err := http.NewRequestWithContext(r.Context(), http.MethodGet, a.settings.callURL, nil)
	if err != nil {
		answer.Error = "nothing: the address is not valid"
		return answer
	}
	request.Header.Set(depthHeader, strconv.Itoa(depth+1))
	request.Header.Set("x-request-id", requestID(r))
	client := http.Client{Timeout: callTimeout}
	response, err := client.Do(request)
	if err != nil {
		answer.Error = fmt.Sprintf("nothing within %s, or was not reached", callTimeout)
		return answer
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxShown))
	if err != nil {
		answer.Error = "only in part"
	}
	answer.Status, answer.Body = response.StatusCode, string(body)
	if a.isSecret(answer.Body) {
		answer.Body = notShown
	}
	return answer
}
