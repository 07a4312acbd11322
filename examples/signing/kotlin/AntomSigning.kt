import java.net.URLDecoder
import java.net.URLEncoder
import java.security.KeyFactory
import java.security.PrivateKey
import java.security.PublicKey
import java.security.Signature
import java.security.SignatureException
import java.security.spec.PKCS8EncodedKeySpec
import java.security.spec.X509EncodedKeySpec
import java.util.Base64
import java.util.TreeMap

/** Signs requests and verifies responses and notifications of the Antom Vault API. */
object AntomSigning {
    /** Loads a PKCS #8 key, as PEM or as bare base64. */
    fun loadPrivateKey(key: String): PrivateKey =
        KeyFactory.getInstance("RSA").generatePrivate(PKCS8EncodedKeySpec(decodeKey(key)))

    fun loadPublicKey(key: String): PublicKey =
        KeyFactory.getInstance("RSA").generatePublic(X509EncodedKeySpec(decodeKey(key)))

    /** Returns the Signature header of a request. Pass exactly the body that you send. */
    fun sign(key: PrivateKey, method: String, path: String, clientId: String, time: String, body: ByteArray): String {
        val signature = Signature.getInstance("SHA256withRSA")
        signature.initSign(key)
        signature.update(stringToSign(method, path, clientId, time, body))
        val base64 = Base64.getEncoder().encodeToString(signature.sign())
        return "algorithm=RSA256,keyVersion=1,signature=" + URLEncoder.encode(base64, "UTF-8")
    }

    /**
     * Returns whether a message is from Antom. Pass the raw body and your own client ID.
     * For a response, pass the path that you requested and the response-time header.
     * For a notification, pass the path and query of your vaultingNotificationUrl and the request-time header.
     */
    fun verify(
        key: PublicKey, method: String, path: String, clientId: String, time: String?, body: ByteArray, header: String?
    ): Boolean {
        val signature = Signature.getInstance("SHA256withRSA")
        signature.initVerify(key)
        signature.update(stringToSign(method, path, clientId, time, body))
        return try {
            signature.verify(readSignature(header ?: ""))
        } catch (invalidHeader: IllegalArgumentException) {
            false
        } catch (invalidHeader: SignatureException) {
            false
        }
    }

    private fun stringToSign(method: String, path: String, clientId: String, time: String?, body: ByteArray) =
        "$method $path\n$clientId.$time.".toByteArray() + body

    private fun readSignature(header: String): ByteArray {
        val pairs = header.split(",").map { it.trim().split("=", limit = 2) }
        val fields = pairs.associateTo(TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER)) { it[0] to it.getOrElse(1) { "" } }
        require(fields.size == pairs.size) { "duplicate field" }
        require(fields["algorithm"].equals("RSA256", ignoreCase = true)) { "unknown algorithm" }
        // URLDecoder would turn a + into a space.
        val encoded = fields["signature"].orEmpty().replace("+", "%2B")
        return Base64.getDecoder().decode(URLDecoder.decode(encoded, "UTF-8"))
    }

    private fun decodeKey(key: String): ByteArray =
        Base64.getDecoder().decode(key.replace(Regex("-----[^-]+-----|\\s"), ""))
}
