import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.util.Base64;

/**
 * javac *.java
 * java Main vault < request.json             vaults a card and prints the verified response
 * java Main vectors < signature-vectors.tsv  tests AntomSigning with the signature vectors
 */
public final class Main {
    // In production: /ams/api/v1/vaults/vaultPaymentMethod
    private static final String PATH = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod";

    public static void main(String[] args) throws Exception {
        byte[] input = System.in.readAllBytes();
        System.exit(args[0].equals("vault") ? vault(input) : runVectors(new String(input, StandardCharsets.UTF_8)));
    }

    private static int vault(byte[] body) throws Exception {
        String clientId = System.getenv("ANTOM_CLIENT_ID");
        PrivateKey privateKey = AntomSigning.loadPrivateKey(System.getenv("ANTOM_PRIVATE_KEY"));
        PublicKey publicKey = AntomSigning.loadPublicKey(System.getenv("ANTOM_PUBLIC_KEY"));
        String time = String.valueOf(System.currentTimeMillis());
        HttpRequest request = HttpRequest.newBuilder(URI.create(System.getenv("ANTOM_BASE_URL") + PATH))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json; charset=UTF-8")
                .header("Client-Id", clientId)
                .header("Request-Time", time)
                .header("Signature", AntomSigning.sign(privateKey, "POST", PATH, clientId, time, body))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        // By default, HttpClient follows no redirects.
        HttpResponse<byte[]> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
        String responseTime = response.headers().firstValue("response-time").orElse(null);
        String signature = response.headers().firstValue("signature").orElse(null);
        if (!AntomSigning.verify(publicKey, "POST", PATH, clientId, responseTime, response.body(), signature)) {
            System.err.println("The response is not signed by Antom. Send the same request again, or call inquireVaulting.");
            return 1;
        }
        System.out.println(new String(response.body(), StandardCharsets.UTF_8));
        return 0;
    }

    private static int runVectors(String table) throws Exception {
        int passed = 0, failed = 0;
        for (String line : table.split("\n")) {
            if (line.startsWith("id\t")) continue;
            // id, expected, method, path, client ID, time, body, header, public key, private key
            String[] f = line.split("\t", -1);
            byte[] body = Base64.getDecoder().decode(f[6]);
            PublicKey publicKey = AntomSigning.loadPublicKey(f[8]);
            boolean valid = AntomSigning.verify(publicKey, f[2], f[3], f[4], f[5], body, f[7]);
            boolean ok = f[1].equals(valid ? "valid" : "invalid");
            if (!f[9].isEmpty()) {
                PrivateKey privateKey = AntomSigning.loadPrivateKey(f[9]);
                ok &= AntomSigning.sign(privateKey, f[2], f[3], f[4], f[5], body).equals(f[7]);
            }
            if (ok) passed++;
            else {
                failed++;
                System.out.println("failed: " + f[0]);
            }
        }
        System.out.println(passed + " passed, " + failed + " failed");
        return failed == 0 ? 0 : 1;
    }
}
