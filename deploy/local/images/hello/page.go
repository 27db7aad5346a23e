package main

import (
	"fmt"
	"strings"
)

// page is the answer of "/". What is not asked for by a setting is left out.
type page struct {
	Host     string            `json:"host"`
	Pid      int               `json:"pid"`
	Env      map[string]string `json:"env,omitempty"`
	File     *shownFile        `json:"file,omitempty"`
	Secret   *shownSecret      `json:"secret,omitempty"`
	Called   *called           `json:"called,omitempty"`
	envOrder []string
}

// text is the page for people; parts are set apart by an empty line.
func (p page) text() string {
	var text strings.Builder
	fmt.Fprintf(&text, "Hello from %s\n", p.Host)
	for _, name := range p.envOrder {
		fmt.Fprintf(&text, "%s=%s\n", name, p.Env[name])
	}
	if p.File != nil {
		fmt.Fprintf(&text, "\n%s: %s\n", p.File.Path, p.File.Content+p.File.Error)
	}
	if p.Secret != nil {
		text.WriteString("\n" + p.Secret.text())
	}
	if p.Called != nil {
		text.WriteString("\n" + p.Called.text())
	}
	return text.String()
}

type shownFile struct {
	Path    string `json:"path"`
	Content string `json:"content,omitempty"`
	Error   string `json:"error,omitempty"`
}

type shownSecret struct {
	EnvSHA256  string `json:"envSha256,omitempty"`
	FileSHA256 string `json:"fileSha256,omitempty"`
	Error      string `json:"error,omitempty"`
}

func (s shownSecret) text() string {
	var text strings.Builder
	if s.EnvSHA256 != "" {
		fmt.Fprintf(&text, "secret in the environment, SHA-256: %s\n", s.EnvSHA256)
	}
	if s.FileSHA256 != "" {
		fmt.Fprintf(&text, "secret in the file, SHA-256: %s\n", s.FileSHA256)
	}
	if s.Error != "" {
		fmt.Fprintf(&text, "secret: %s\n", s.Error)
	}
	return text.String()
}

type called struct {
	URL    string `json:"url"`
	Status int    `json:"status,omitempty"`
	Body   string `json:"body,omitempty"`
	Error  string `json:"error,omitempty"`
}

func (c called) text() string {
	if c.Error != "" {
		return fmt.Sprintf("%s answered %s\n%s", c.URL, c.Error, c.Body)
	}
	return fmt.Sprintf("%s answered %d\n%s", c.URL, c.Status, c.Body)
}
