package main

import (
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// settings is everything the environment may say. Values that are shown are read when they are shown.
type settings struct {
	port          string
	showEnv       []string // SHOW_ENV: names, separated by commas
	showFile      string   // SHOW_FILE: a path
	secretEnv     string   // SECRET_ENV: the name of the variable that holds a secret
	secretFile    string   // SECRET_FILE: the path of a file that holds a secret
	callURL       string   // CALL_URL: another service's address
	plainLog      bool     // LOG_FORMAT=plain
	shutdownDelay time.Duration
	getenv        func(string) string
}

func readSettings(getenv func(string) string) (settings, error) {
	result := settings{
		port:       orDefault(getenv("PORT"), "8080"),
		showEnv:    names(getenv("SHOW_ENV")),
		showFile:   getenv("SHOW_FILE"),
		secretEnv:  getenv("SECRET_ENV"),
		secretFile: getenv("SECRET_FILE"),
		callURL:    getenv("CALL_URL"),
		plainLog:   getenv("LOG_FORMAT") == "plain",
		getenv:     getenv,
	}
	if port, err := strconv.Atoi(result.port); err != nil || port < 0 || port > 65535 {
		return result, fmt.Errorf("PORT must be a number from 0 to 65535, not %q", result.port)
	}
	if target, err := url.Parse(result.callURL); result.callURL != "" && (err != nil || target.Host == "") {
		return result, fmt.Errorf("CALL_URL must be an address such as http://api:8080/")
	}
	delay, err := strconv.Atoi(orDefault(getenv("SHUTDOWN_DELAY_MS"), "2000"))
	if err != nil || delay < 0 || delay > 60_000 {
		return result, fmt.Errorf("SHUTDOWN_DELAY_MS must be a number from 0 to 60000")
	}
	result.shutdownDelay = time.Duration(delay) * time.Millisecond
	return result, nil
}

func orDefault(value, fallback string) string {
	if value == "" {
		return fallback
	}
	return value
}

func names(list string) []string {
	var result []string
	for name := range strings.SplitSeq(list, ",") {
		if name = strings.TrimSpace(name); name != "" {
			result = append(result, name)
		}
	}
	return result
}
