package main

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// env is an environment made for one test.
type env map[string]string

func (e env) app(t *testing.T) (*app, *bytes.Buffer) {
	t.Helper()
	settings, err := readSettings(func(name string) string { return e[name] })
	if err != nil {
		t.Fatal(err)
	}
	log := &bytes.Buffer{}
	return newApp(settings, log), log
}

func get(a *app, target string, headers ...string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(http.MethodGet, target, nil)
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	answer := httptest.NewRecorder()
	a.handler().ServeHTTP(answer, request)
	return answer
}

func file(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// the SHA-256 of "opensesame", by another program
const opensesameSHA256 = "d9fb92e3bbe65be1f1aad4a82eef4567f7a1ebe2cd110c8049b9698be7a70c88"

func TestShowsWhatItIsAskedToAndOnlyThat(t *testing.T) {
	a, _ := env{"SHOW_ENV": "COLOUR, MISSING", "COLOUR": "blue", "OTHER": "hidden", "SHOW_FILE": file(t, "from a file")}.app(t)
	var shown page
	if err := json.Unmarshal(get(a, "/", "accept", "application/json").Body.Bytes(), &shown); err != nil {
		t.Fatal(err)
	}
	if shown.Env["COLOUR"] != "blue" || len(shown.Env) != 2 || shown.File.Content != "from a file" || shown.Host == "" {
		t.Errorf("got %+v", shown)
	}
	text := get(a, "/").Body.String()
	if !strings.Contains(text, "COLOUR=blue\n") || strings.Contains(text, "hidden") {
		t.Errorf("got %s", text)
	}
}

func TestShowsTheHashOfASecretAndNeverTheSecret(t *testing.T) {
	path := file(t, "opensesame")
	a, log := env{
		"SECRET_ENV": "TOKEN", "TOKEN": "opensesame", "SECRET_FILE": path,
		"SHOW_ENV": "TOKEN,URL", "URL": "redis://:opensesame@host", "SHOW_FILE": path,
	}.app(t)
	for _, accept := range []string{"text/plain", "application/json"} {
		text := get(a, "/", "accept", accept).Body.String()
		if strings.Count(text, opensesameSHA256) != 2 {
			t.Errorf("not both hashes in %s", text)
		}
		if strings.Contains(text, "opensesame") || strings.Contains(log.String(), "opensesame") {
			t.Errorf("the secret was printed: %s%s", text, log)
		}
	}
}

func TestSaysThatASecretIsMissing(t *testing.T) {
	a, _ := env{"SECRET_ENV": "TOKEN", "SECRET_FILE": "/nowhere/at/all"}.app(t)
	text := get(a, "/").Body.String()
	if !strings.Contains(text, "cannot be read") || strings.Contains(text, "SHA-256") {
		t.Errorf("got %s", text)
	}
}

func TestCallsAnotherServiceAndPassesTheRequestID(t *testing.T) {
	var id string
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id = r.Header.Get("x-request-id")
		w.WriteHeader(http.StatusTeapot)
		_, _ = w.Write([]byte("from the other"))
	}))
	defer other.Close()
	a, _ := env{"CALL_URL": other.URL}.app(t)
	text := get(a, "/", "x-request-id", "r-1").Body.String()
	if !strings.Contains(text, "answered 418\nfrom the other") || id != "r-1" {
		t.Errorf("got %s with request id %q", text, id)
	}
}

func TestServicesThatCallEachOtherComeToAnEnd(t *testing.T) {
	calls := 0
	var handler http.Handler
	self := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls++
		handler.ServeHTTP(w, r)
	}))
	defer self.Close()
	a, _ := env{"CALL_URL": self.URL}.app(t)
	handler = a.handler()
	if text := get(a, "/").Body.String(); !strings.Contains(text, "too many hops") || calls != maxCallDepth {
		t.Errorf("%d calls: %s", calls, text)
	}
}

func TestAnUnreachableNeighbourIsSaidNotFatal(t *testing.T) {
	a, _ := env{"CALL_URL": "http://127.0.0.1:1/"}.app(t)
	answer := get(a, "/")
	if answer.Code != http.StatusOK || !strings.Contains(answer.Body.String(), "was not reached") {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
}

func TestLogsOneLineForARequestInBothFormats(t *testing.T) {
	for format, want := range map[string]string{
		"json":  `"message":"request","method":"GET","path":"/slow","status":200,"durationMs":`,
		"plain": ` request method="GET" path="/slow" status=200 durationMs=`,
	} {
		a, log := env{"LOG_FORMAT": format}.app(t)
		get(a, "/slow?ms=1", "x-request-id", "r-2\n{\"forged\":1}")
		if strings.Count(log.String(), "\n") != 1 || !strings.Contains(log.String(), want) {
			t.Errorf("got %s", log)
		}
		if !strings.Contains(log.String(), "r-2\\n") {
			t.Errorf("no request id in %s", log)
		}
	}
}

func TestReadinessFollowsTheRequestAndTheEnd(t *testing.T) {
	a, _ := env{}.app(t)
	if code := get(a, "/readyz").Code; code != http.StatusOK {
		t.Fatalf("not ready at first: %d", code)
	}
	get(a, "/unready?seconds=3600")
	if code := get(a, "/readyz").Code; code != http.StatusServiceUnavailable {
		t.Errorf("ready after /unready: %d", code)
	}
	get(a, "/unready?seconds=0")
	if code := get(a, "/readyz").Code; code != http.StatusOK {
		t.Errorf("still unready: %d", code)
	}
	a.terminating.Store(true)
	if code := get(a, "/readyz").Code; code != http.StatusServiceUnavailable {
		t.Errorf("ready while it stops: %d", code)
	}
	if code := get(a, "/healthz").Code; code != http.StatusOK {
		t.Errorf("unhealthy while it stops: %d", code)
	}
}

func TestAllocatesAndKeeps(t *testing.T) {
	a, _ := env{}.app(t)
	get(a, "/allocate?mb=2")
	if text := get(a, "/allocate?mb=3").Body.String(); text != "holding 5 MiB\n" || len(a.memory.held) != 5 {
		t.Errorf("got %s", text)
	}
}

func TestSlowWaitsAsLongAsItIsAsked(t *testing.T) {
	a, _ := env{}.app(t)
	started := time.Now()
	if text := get(a, "/slow?ms=30").Body.String(); text != "waited 30 ms\n" || time.Since(started) < 30*time.Millisecond {
		t.Errorf("got %s after %s", text, time.Since(started))
	}
}

func TestRefusesNumbersThatAreNone(t *testing.T) {
	a, _ := env{}.app(t)
	for _, target := range []string{"/slow?ms=x", "/slow?ms=-1", "/allocate?mb=1e9", "/unready?seconds=99999999"} {
		if answer := get(a, target); answer.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", target, answer.Code, answer.Body)
		}
	}
}

func TestCrashEndsWithOne(t *testing.T) {
	a, _ := env{}.app(t)
	code := 0
	a.exit = func(got int) { code = got }
	get(a, "/crash")
	if code != 1 {
		t.Errorf("exit code %d", code)
	}
}

func TestShowsHeadersWithoutCredentials(t *testing.T) {
	a, _ := env{}.app(t)
	text := get(a, "/headers", "x-forwarded-for", "1.2.3.4", "cookie", "session=abc", "authorization", "Bearer abc").Body.String()
	if !strings.Contains(text, "1.2.3.4") || strings.Contains(text, "abc") {
		t.Errorf("got %s", text)
	}
}

func TestRefusesSettingsThatMakeNoSense(t *testing.T) {
	for name, value := range map[string]string{"PORT": "http", "CALL_URL": "api", "SHUTDOWN_DELAY_MS": "2s"} {
		_, err := readSettings(func(asked string) string {
			if asked == name {
				return value
			}
			return ""
		})
		if err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}
