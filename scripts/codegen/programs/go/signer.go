package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"

	"example.com/antom/antomsigning"
)

var (
	clientID   = os.Getenv("ANTOM_CLIENT_ID")
	privateKey = must(antomsigning.LoadPrivateKey(os.Getenv("ANTOM_PRIVATE_KEY")))
	publicKey  = must(antomsigning.LoadPublicKey(os.Getenv("ANTOM_PUBLIC_KEY")))
)

// signer signs requests, and returns only responses with a valid signature.
type signer struct{}

func (signer) RoundTrip(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	path := request.URL.Path
	requestTime := strconv.FormatInt(time.Now().UnixMilli(), 10)
	signature, err := antomsigning.Sign(privateKey, "POST", path, clientID, requestTime, body)
	if err != nil {
		return nil, err
	}
	signed := request.Clone(request.Context())
	signed.Body = io.NopCloser(bytes.NewReader(body))
	signed.Header.Set("Content-Type", "application/json; charset=UTF-8")
	signed.Header.Set("Client-Id", clientID)
	signed.Header.Set("Request-Time", requestTime)
	signed.Header.Set("Signature", signature)
	response, err := http.DefaultTransport.RoundTrip(signed)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	header := response.Header
	if err := antomsigning.Verify(publicKey, "POST", path, clientID, header.Get("response-time"), content, header.Get("signature")); err != nil {
		return nil, fmt.Errorf("the response is not signed by Antom: %w", err)
	}
	response.Body = io.NopCloser(bytes.NewReader(content))
	return response, nil
}

// httpClient signs requests and verifies responses. It does not follow redirects.
var httpClient = &http.Client{
	Transport:     signer{},
	Timeout:       30 * time.Second,
	CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("a redirect is not allowed") },
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func must[T any](value T, err error) T {
	check(err)
	return value
}
