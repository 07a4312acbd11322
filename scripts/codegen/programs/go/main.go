// Calls each operation with the generated client, and prints a line for each call.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"time"

	"example.com/antom/antomsigning"
	vault "example.com/antom/generated"
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

func createRequest(id, cardNo string) vault.VaultPaymentMethodRequest {
	return vault.VaultPaymentMethodRequest{
		VaultingRequestId:       id,
		VaultingNotificationUrl: "https://merchant.example/antom/notifications",
		RedirectUrl:             "https://merchant.example/cards/done",
		MerchantRegion:          "SG",
		PaymentMethodDetail: vault.PaymentMethodDetail{
			PaymentMethodType: "CARD",
			Card: vault.Card{
				CardNo: cardNo, Cvv: "123", ExpiryYear: "30", ExpiryMonth: "12",
				CardholderName: vault.UserName{FirstName: "Ana", LastName: "Souza"},
				BillingAddress: vault.Address{Region: "BR", City: "São Paulo", Address1: "Rua Augusta 1200", ZipCode: "01304001"},
			},
		},
		Env: vault.Env{
			TerminalType: vault.WEB, ClientIp: "203.0.113.7", TimeZoneOffset: -120,
			BrowserInfo: vault.BrowserInfo{AcceptHeader: "text/html", JavaScriptEnabled: true, Language: "en-US", UserAgent: "Mozilla/5.0"},
		},
	}
}

func main() {
	log.SetFlags(0)
	configuration := vault.NewConfiguration()
	configuration.BasePath = os.Getenv("ANTOM_BASE_URL")
	configuration.HTTPClient = &http.Client{
		Transport:     signer{},
		Timeout:       30 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return errors.New("a redirect is not allowed") },
	}
	api := vault.NewAPIClient(configuration).VaultApi
	ctx := context.Background()

	send := func(name, cardNo string) {
		response, _, err := api.VaultPaymentMethod(ctx, createRequest(name, cardNo), nil)
		check(err)
		card := response.PaymentMethodDetail.Card
		fmt.Println(name, response.Result.ResultStatus, response.Result.ResultCode, card.Brand, card.CardToken)
	}
	send("vaulted", "4054695723100768")
	send("declined", "4000009900070007")
	inquiry, _, err := api.InquireVaulting(ctx, vault.InquireVaultingRequest{VaultingRequestId: "declined"}, nil)
	check(err)
	fmt.Println("inquired", inquiry.VaultingStatus, inquiry.VaultingResultCode)
	session, _, err := api.CreateVaultingSession(ctx, vault.CreateVaultingSessionRequest{
		PaymentMethodType:       "CARD",
		VaultingRequestId:       "session",
		VaultingNotificationUrl: "https://merchant.example/antom/notifications",
		RedirectUrl:             "https://merchant.example/cards/done",
	}, nil)
	check(err)
	fmt.Println("session", session.Result.ResultStatus, session.NormalUrl)

	body := []byte(os.Getenv("NOTIFICATION_BODY"))
	check(antomsigning.Verify(publicKey, "POST", os.Getenv("NOTIFICATION_PATH"), clientID, os.Getenv("NOTIFICATION_TIME"), body, os.Getenv("NOTIFICATION_SIGNATURE")))
	var notification vault.VaultingNotification
	check(json.Unmarshal(body, &notification))
	fmt.Println("notification", notification.Result.ResultStatus, notification.PaymentMethodDetail.Card.CardToken)
	send("unknown", "4054695723100768")
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
