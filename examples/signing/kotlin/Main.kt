import java.net.URI
import java.net.http.HttpClient
import java.net.http.HttpRequest
import java.net.http.HttpResponse
import java.time.Duration
import java.util.Base64
import kotlin.system.exitProcess

// kotlinc *.kt -include-runtime -d main.jar
// java -jar main.jar vault < request.json             vaults a card and prints the verified response
// java -jar main.jar vectors < signature-vectors.tsv  tests AntomSigning with the signature vectors

const val PATH = "/ams/sandbox/api/v1/vaults/vaultPaymentMethod" // production: /ams/api/v1/vaults/vaultPaymentMethod

fun main(args: Array<String>) {
    val input = System.`in`.readBytes()
    exitProcess(if (args[0] == "vault") vault(input) else runVectors(String(input)))
}

fun vault(body: ByteArray): Int {
    val clientId = System.getenv("ANTOM_CLIENT_ID")
    val privateKey = AntomSigning.loadPrivateKey(System.getenv("ANTOM_PRIVATE_KEY"))
    val publicKey = AntomSigning.loadPublicKey(System.getenv("ANTOM_PUBLIC_KEY"))
    val time = System.currentTimeMillis().toString()
    val request = HttpRequest.newBuilder(URI(System.getenv("ANTOM_BASE_URL") + PATH))
        .timeout(Duration.ofSeconds(30))
        .header("Content-Type", "application/json; charset=UTF-8")
        .header("Client-Id", clientId)
        .header("Request-Time", time)
        .header("Signature", AntomSigning.sign(privateKey, "POST", PATH, clientId, time, body))
        .POST(HttpRequest.BodyPublishers.ofByteArray(body))
        .build()
    // By default, HttpClient follows no redirects.
    val response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray())
    val (responseTime, signature) = listOf("response-time", "signature").map { response.headers().firstValue(it).orElse(null) }
    if (!AntomSigning.verify(publicKey, "POST", PATH, clientId, responseTime, response.body(), signature)) {
        System.err.println("The response is not signed by Antom. Send the same request again, or call inquireVaulting.")
        return 1
    }
    println(String(response.body()))
    return 0
}

fun runVectors(table: String): Int {
    val failed = mutableListOf<String>()
    val lines = table.trimEnd('\n').split("\n").drop(1)
    for (line in lines) {
        // id, expected, method, path, client ID, time, body, header, public key, private key
        val f = line.split("\t")
        val body = Base64.getDecoder().decode(f[6])
        val valid = AntomSigning.verify(AntomSigning.loadPublicKey(f[8]), f[2], f[3], f[4], f[5], body, f[7])
        val signed = f[9] == "" ||
            AntomSigning.sign(AntomSigning.loadPrivateKey(f[9]), f[2], f[3], f[4], f[5], body) == f[7]
        if (f[1] != (if (valid) "valid" else "invalid") || !signed) failed.add(f[0])
    }
    failed.forEach { println("failed: $it") }
    println("${lines.size - failed.size} passed, ${failed.size} failed")
    return if (failed.isEmpty()) 0 else 1
}
