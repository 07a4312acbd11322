import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import org.openapitools.client.ApiClient;
import org.openapitools.client.api.VaultApi;
import org.openapitools.client.model.*;

/** Calls each operation with the generated client, and prints a line for each call. */
public final class Main {
    private static VaultApi api;

    public static void main(String[] arguments) throws Exception {
        String clientId = System.getenv("ANTOM_CLIENT_ID");
        PublicKey publicKey = AntomSigning.loadPublicKey(System.getenv("ANTOM_PUBLIC_KEY"));
        HttpClient http = new SigningHttpClient(
                clientId, AntomSigning.loadPrivateKey(System.getenv("ANTOM_PRIVATE_KEY")), publicKey);
        URI base = URI.create(System.getenv("ANTOM_BASE_URL"));
        ApiClient client = new ApiClient() {
            @Override
            public HttpClient getHttpClient() {
                return http;
            }
        };
        client.setScheme(base.getScheme()).setHost(base.getHost()).setPort(base.getPort()).setBasePath(base.getPath());
        api = new VaultApi(client);

        vault("vaulted", "4054695723100768");
        vault("declined", "4000009900070007");
        InquireVaultingResponse inquiry = api.inquireVaulting(new InquireVaultingRequest().vaultingRequestId("declined"), null);
        System.out.println("inquired " + inquiry.getVaultingStatus() + " " + inquiry.getVaultingResultCode());
        CreateVaultingSessionResponse session = api.createVaultingSession(
                new CreateVaultingSessionRequest()
                        .paymentMethodType(CreateVaultingSessionRequest.PaymentMethodTypeEnum.CARD)
                        .vaultingRequestId("session")
                        .vaultingNotificationUrl("https://merchant.example/antom/notifications")
                        .redirectUrl("https://merchant.example/cards/done"),
                null);
        System.out.println("session " + session.getResult().getResultStatus() + " " + session.getNormalUrl());

        if (System.getenv("NOTIFICATION_BODY") == null) return;
        byte[] body = System.getenv("NOTIFICATION_BODY").getBytes(StandardCharsets.UTF_8);
        String path = System.getenv("NOTIFICATION_PATH");
        String time = System.getenv("NOTIFICATION_TIME");
        if (!AntomSigning.verify(publicKey, "POST", path, clientId, time, body, System.getenv("NOTIFICATION_SIGNATURE")))
            throw new IllegalStateException("The notification is not signed by Antom.");
        VaultingNotification notification = client.getObjectMapper().readValue(body, VaultingNotification.class);
        System.out.println("notification " + notification.getResult().getResultStatus() + " "
                + notification.getPaymentMethodDetail().getCard().getCardToken());
        vault("unknown", "4054695723100768");
    }

    private static void vault(String name, String cardNo) throws Exception {
        Card card = new Card()
                .cardNo(cardNo)
                .cvv("123")
                .expiryYear("30")
                .expiryMonth("12")
                .is3DSAuthentication(false)
                .cardholderName(new UserName().firstName("Ana").lastName("Souza"))
                .billingAddress(new Address().region(CountryCode.BR).city("São Paulo").address1("Rua Augusta 1200").zipCode("01304001"));
        BrowserInfo browser = new BrowserInfo()
                .acceptHeader("text/html")
                .javaEnabled(false)
                .javaScriptEnabled(true)
                .language("en-US")
                .userAgent("Mozilla/5.0");
        VaultPaymentMethodResponse response = api.vaultPaymentMethod(
                new VaultPaymentMethodRequest()
                        .vaultingRequestId(name)
                        .vaultingNotificationUrl("https://merchant.example/antom/notifications")
                        .redirectUrl("https://merchant.example/cards/done")
                        .merchantRegion(CountryCode.SG)
                        .paymentMethodDetail(new PaymentMethodDetail()
                                .paymentMethodType(PaymentMethodDetail.PaymentMethodTypeEnum.CARD)
                                .card(card))
                        .env(new Env()
                                .terminalType(TerminalType.WEB)
                                .clientIp("203.0.113.7")
                                .timeZoneOffset(-120)
                                .browserInfo(browser)),
                null);
        Result result = response.getResult();
        VaultedPaymentMethodDetail detail = response.getPaymentMethodDetail();
        String vaulted = detail == null ? "" : detail.getCard().getBrand() + " " + detail.getCard().getCardToken();
        System.out.println(name + " " + result.getResultStatus() + " " + result.getResultCode() + " " + vaulted + " " + result.getResultMessage());
    }
}
