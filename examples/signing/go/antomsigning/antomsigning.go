// Package antomsigning signs requests and verifies responses and notifications of the Antom Vault API.
package antomsigning

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// LoadPrivateKey loads a PKCS #8 key, as PEM or as bare base64.
func LoadPrivateKey(key string) (*rsa.PrivateKey, error) {
	parsed, err := x509.ParsePKCS8PrivateKey(decodeKey(key))
	if private, ok := parsed.(*rsa.PrivateKey); ok {
		return private, nil
	}
	return nil, fmt.Errorf("the private key is not a valid RSA key in PKCS #8 format: %v", err)
}

// LoadPublicKey loads Antom's public key, as PEM or as bare base64.
func LoadPublicKey(key string) (*rsa.PublicKey, error) {
	parsed, err := x509.ParsePKIXPublicKey(decodeKey(key))
	if public, ok := parsed.(*rsa.PublicKey); ok {
		return public, nil
	}
	return nil, fmt.Errorf("the public key is not a valid RSA key in SubjectPublicKeyInfo format: %v", err)
}

// Sign returns the Signature header of a request. Pass exactly the body that you send.
func Sign(key *rsa.PrivateKey, method, path, clientID, time string, body []byte) (string, error) {
	hash := hashToSign(method, path, clientID, time, body)
	signature, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, hash)
	return "algorithm=RSA256,keyVersion=1,signature=" + url.QueryEscape(base64.StdEncoding.EncodeToString(signature)), err
}

// Verify returns an error if a message is not from Antom. Pass the raw body and your own client ID.
// For a response, pass the path that you requested and the response-time header.
// For a notification, pass the path and query of your vaultingNotificationUrl and the request-time header.
func Verify(key *rsa.PublicKey, method, path, clientID, time string, body []byte, header string) error {
	signature, err := readSignature(header)
	if err != nil {
		return err
	}
	return rsa.VerifyPKCS1v15(key, crypto.SHA256, hashToSign(method, path, clientID, time, body), signature)
}

func hashToSign(method, path, clientID, time string, body []byte) []byte {
	hash := sha256.Sum256(append([]byte(method+" "+path+"\n"+clientID+"."+time+"."), body...))
	return hash[:]
}

func readSignature(header string) ([]byte, error) {
	fields := map[string]string{}
	for _, field := range strings.Split(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		name = strings.ToLower(name)
		if _, found := fields[name]; found {
			return nil, errors.New("the Signature header has a duplicate field")
		}
		fields[name] = value
	}
	if !strings.EqualFold(fields["algorithm"], "RSA256") {
		return nil, errors.New("the Signature header must contain algorithm=RSA256")
	}
	decoded, err := url.PathUnescape(fields["signature"]) // QueryUnescape would turn + into a space
	if err != nil {
		return nil, errors.New("the URL encoding of the signature is invalid")
	}
	return base64.StdEncoding.DecodeString(decoded)
}

var pemLines = regexp.MustCompile(`-----[^-]+-----|\s`)

func decodeKey(key string) []byte {
	der, _ := base64.StdEncoding.DecodeString(pemLines.ReplaceAllString(key, "")) // the caller's parser rejects incomplete bytes
	return der
}
