import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** Signs requests, and returns only responses with a valid signature. */
final class SigningHttpClient extends HttpClient {
    private final HttpClient client = HttpClient.newHttpClient(); // follows no redirects
    private final String clientId;
    private final PrivateKey privateKey;
    private final PublicKey publicKey;

    SigningHttpClient(String clientId, PrivateKey privateKey, PublicKey publicKey) {
        this.clientId = clientId;
        this.privateKey = privateKey;
        this.publicKey = publicKey;
    }

    @Override
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler) throws IOException, InterruptedException {
        byte[] body = readBody(request);
        String path = request.uri().getPath();
        String time = String.valueOf(System.currentTimeMillis());
        HttpRequest signed;
        try {
            signed = HttpRequest.newBuilder(request.uri())
                    .timeout(Duration.ofSeconds(30))
                    .header("Content-Type", "application/json; charset=UTF-8")
                    .header("Client-Id", clientId)
                    .header("Request-Time", time)
                    .header("Signature", AntomSigning.sign(privateKey, "POST", path, clientId, time, body))
                    .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                    .build();
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
        return client.send(signed, info -> BodySubscribers.mapping(BodySubscribers.ofByteArray(), bytes -> {
            requireValidSignature(path, info.headers(), bytes);
            BodySubscriber<T> subscriber = handler.apply(info);
            subscriber.onSubscribe(NO_SUBSCRIPTION);
            subscriber.onNext(List.of(ByteBuffer.wrap(bytes)));
            subscriber.onComplete();
            return subscriber.getBody().toCompletableFuture().join();
        }));
    }

    private void requireValidSignature(String path, HttpHeaders headers, byte[] body) {
        String time = headers.firstValue("response-time").orElse("");
        String signature = headers.firstValue("signature").orElse("");
        try {
            if (AntomSigning.verify(publicKey, "POST", path, clientId, time, body, signature)) return;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
        throw new IllegalStateException("The response is not signed by Antom. Send the same request again, or call inquireVaulting.");
    }

    private static byte[] readBody(HttpRequest request) {
        BodySubscriber<byte[]> bytes = BodySubscribers.ofByteArray();
        request.bodyPublisher().orElseThrow().subscribe(new Flow.Subscriber<ByteBuffer>() {
            public void onSubscribe(Flow.Subscription subscription) { bytes.onSubscribe(subscription); }
            public void onNext(ByteBuffer buffer) { bytes.onNext(List.of(buffer)); }
            public void onError(Throwable error) { bytes.onError(error); }
            public void onComplete() { bytes.onComplete(); }
        });
        return bytes.getBody().toCompletableFuture().join();
    }

    private static final Flow.Subscription NO_SUBSCRIPTION = new Flow.Subscription() {
        public void request(long count) {}
        public void cancel() {}
    };

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler) {
        throw new UnsupportedOperationException();
    }

    @Override
    public <T> CompletableFuture<HttpResponse<T>> sendAsync(HttpRequest request, BodyHandler<T> handler, PushPromiseHandler<T> push) {
        throw new UnsupportedOperationException();
    }

    @Override public Optional<CookieHandler> cookieHandler() { return client.cookieHandler(); }
    @Override public Optional<Duration> connectTimeout() { return client.connectTimeout(); }
    @Override public Redirect followRedirects() { return client.followRedirects(); }
    @Override public Optional<ProxySelector> proxy() { return client.proxy(); }
    @Override public SSLContext sslContext() { return client.sslContext(); }
    @Override public SSLParameters sslParameters() { return client.sslParameters(); }
    @Override public Optional<Authenticator> authenticator() { return client.authenticator(); }
    @Override public Version version() { return client.version(); }
    @Override public Optional<Executor> executor() { return client.executor(); }
}
