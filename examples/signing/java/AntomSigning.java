import java.io.ByteArrayOutputStream;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** Signs requests and verifies responses and notifications of the Antom Vault API. */
public final class AntomSigning {
    private AntomSigning() {}

    /** Loads a PKCS #8 key, as PEM or as bare base64. */
    public static PrivateKey loadPrivateKey(String key) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(decodeKey(key)));
    }

    public static PublicKey loadPublicKey(String key) throws GeneralSecurityException {
        return KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(decodeKey(key)));
    }

    /** Returns the Signature header of a request. Pass exactly the body that you send. */
    public static String sign(PrivateKey key, String method, String path, String clientId, String time, byte[] body)
            throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(key);
        signature.update(stringToSign(method, path, clientId, time, body));
        String base64 = Base64.getEncoder().encodeToString(signature.sign());
        return "algorithm=RSA256,keyVersion=1,signature=" + URLEncoder.encode(base64, StandardCharsets.UTF_8);
    }

    /**
     * Returns whether a message is from Antom. Pass the raw body and your own client ID.
     * For a response, pass the path that you requested and the response-time header.
     * For a notification, pass the path and query of your vaultingNotificationUrl and the request-time header.
     */
    public static boolean verify(
            PublicKey key, String method, String path, String clientId, String time, byte[] body, String header)
            throws GeneralSecurityException {
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(key);
        signature.update(stringToSign(method, path, clientId, time, body));
        try {
            return signature.verify(readSignature(header));
        } catch (IllegalArgumentException | SignatureException invalidHeader) {
            return false;
        }
    }

    private static byte[] stringToSign(String method, String path, String clientId, String time, byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes((method + " " + path + "\n" + clientId + "." + time + ".").getBytes(StandardCharsets.UTF_8));
        bytes.writeBytes(body);
        return bytes.toByteArray();
    }

    private static byte[] readSignature(String header) {
        Map<String, String> fields = new HashMap<>();
        for (String field : (header == null ? "" : header).split(",")) {
            String[] pair = field.trim().split("=", 2);
            if (fields.put(pair[0].toLowerCase(Locale.ROOT), pair.length == 2 ? pair[1] : "") != null)
                throw new IllegalArgumentException("duplicate field");
        }
        if (!"RSA256".equalsIgnoreCase(fields.get("algorithm"))) throw new IllegalArgumentException("unknown algorithm");
        // URLDecoder would turn a + into a space.
        String encoded = fields.getOrDefault("signature", "").replace("+", "%2B");
        return Base64.getDecoder().decode(URLDecoder.decode(encoded, StandardCharsets.UTF_8));
    }

    private static byte[] decodeKey(String key) {
        return Base64.getDecoder().decode(key.replaceAll("-----[^-]+-----|\\s", ""));
    }
}
