// Calls each operation with the generated client, and prints a line for each call.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"

	"example.com/antom/antomsigning"
	vault "example.com/antom/generated"
)

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
	configuration.HTTPClient = httpClient
	api := vault.NewAPIClient(configuration).VaultApi
	ctx := context.Background()

	send := func(name, cardNo string) {
		response, _, err := api.VaultPaymentMethod(ctx, createRequest(name, cardNo), nil)
		check(err)
		card := response.PaymentMethodDetail.Card
		result := response.Result
		fmt.Println(name, result.ResultStatus, result.ResultCode, card.Brand, card.CardToken, result.ResultMessage)
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
	if len(body) == 0 {
		return
	}
	check(antomsigning.Verify(publicKey, "POST", os.Getenv("NOTIFICATION_PATH"), clientID, os.Getenv("NOTIFICATION_TIME"), body, os.Getenv("NOTIFICATION_SIGNATURE")))
	var notification vault.VaultingNotification
	check(json.Unmarshal(body, &notification))
	fmt.Println("notification", notification.Result.ResultStatus, notification.PaymentMethodDetail.Card.CardToken)
	send("unknown", "4054695723100768")
}
