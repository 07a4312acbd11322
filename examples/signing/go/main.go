// go run . vault < request.json             vaults a card and prints the verified response
// go run . vectors < signature-vectors.tsv  tests antomsigning with the signature vectors
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"example.com/antom/antomsigning"
)

const path = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod" // production: /ams/api/v1/vaults/vaultPaymentMethod

func main() {
	log.SetFlags(0)
	input := must(io.ReadAll(os.Stdin))
	if os.Args[1] == "vault" {
		vault(input)
	} else {
		runVectors(string(input))
	}
}

func vault(body []byte) {
	clientID := os.Getenv("ANTOM_CLIENT_ID")
	privateKey := must(antomsigning.LoadPrivateKey(os.Getenv("ANTOM_PRIVATE_KEY")))
	publicKey := must(antomsigning.LoadPublicKey(os.Getenv("ANTOM_PUBLIC_KEY")))
	requestTime := strconv.FormatInt(time.Now().UnixMilli(), 10)
	request := must(http.NewRequest("POST", os.Getenv("ANTOM_BASE_URL")+path, bytes.NewReader(body)))
	request.Header.Set("Content-Type", "application/json; charset=UTF-8")
	request.Header.Set("Client-Id", clientID)
	request.Header.Set("Request-Time", requestTime)
	request.Header.Set("Signature", must(antomsigning.Sign(privateKey, "POST", path, clientID, requestTime, body)))

	// A redirect would send the card to a different server.
	client := &http.Client{Timeout: 30 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response := must(client.Do(request))
	defer response.Body.Close()
	content := must(io.ReadAll(response.Body))
	responseTime, signature := response.Header.Get("response-time"), response.Header.Get("signature")
	if antomsigning.Verify(publicKey, "POST", path, clientID, responseTime, content, signature) != nil {
		log.Fatal("The response is not signed by Antom. Send the same request again, or call inquireVaulting.")
	}
	fmt.Println(string(content))
}

func runVectors(table string) {
	passed, failed := 0, 0
	for _, line := range strings.Split(strings.TrimSuffix(table, "\n"), "\n")[1:] {
		f := strings.Split(line, "\t") // id, expected, method, path, client ID, time, body, header, public key, private key
		body := must(base64.StdEncoding.DecodeString(f[6]))
		result := "valid"
		if antomsigning.Verify(must(antomsigning.LoadPublicKey(f[8])), f[2], f[3], f[4], f[5], body, f[7]) != nil {
			result = "invalid"
		}
		ok := result == f[1]
		if f[9] != "" {
			ok = ok && must(antomsigning.Sign(must(antomsigning.LoadPrivateKey(f[9])), f[2], f[3], f[4], f[5], body)) == f[7]
		}
		if ok {
			passed++
		} else {
			failed++
			fmt.Println("failed:", f[0])
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}
