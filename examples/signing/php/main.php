<?php

/**
 * php main.php vault < request.json             vaults a card and prints the verified response
 * php main.php vectors < signature-vectors.tsv  tests antom_signing.php with the signature vectors
 */

declare(strict_types=1);

require __DIR__ . '/antom_signing.php';

const PATH = '/ams/sandbox/api/v1/vaults/vaultPaymentMethod'; // production: /ams/api/v1/vaults/vaultPaymentMethod

$input = file_get_contents('php://stdin');
exit($argv[1] === 'vault' ? vault($input) : run_vectors($input));

function vault(string $body): int
{
    $clientId = getenv('ANTOM_CLIENT_ID');
    $privateKey = antom_load_private_key(getenv('ANTOM_PRIVATE_KEY'));
    $publicKey = antom_load_public_key(getenv('ANTOM_PUBLIC_KEY'));
    $time = (string) (int) (microtime(true) * 1000);
    $headers = [
        'Content-Type: application/json; charset=UTF-8',
        "Client-Id: $clientId",
        "Request-Time: $time",
        'Signature: ' . antom_sign($privateKey, 'POST', PATH, $clientId, $time, $body),
    ];
    // A redirect would send the card to a different server.
    $options = ['method' => 'POST', 'header' => $headers, 'content' => $body, 'follow_location' => 0, 'timeout' => 30];
    $content = file_get_contents(getenv('ANTOM_BASE_URL') . PATH, false, stream_context_create(['http' => $options]));
    $received = [];
    foreach ($http_response_header as $line) {
        [$name, $value] = explode(':', $line, 2) + [1 => ''];
        $received[strtolower($name)] = trim($value);
    }
    if (!antom_verify($publicKey, 'POST', PATH, $clientId, $received['response-time'] ?? null, $content, $received['signature'] ?? null)) {
        fwrite(STDERR, "The response is not signed by Antom. Send the same request again, or call inquireVaulting.\n");
        return 1;
    }
    echo $content, "\n";
    return 0;
}

function run_vectors(string $table): int
{
    $passed = $failed = 0;
    foreach (array_slice(explode("\n", rtrim($table, "\n")), 1) as $line) {
        [$id, $expected, $method, $path, $clientId, $time, $body, $header, $public, $private] = explode("\t", $line);
        $message = [$method, $path, $clientId, $time, base64_decode($body)];
        $result = antom_verify(antom_load_public_key($public), ...[...$message, $header]) ? 'valid' : 'invalid';
        $signed = $private === '' || antom_sign(antom_load_private_key($private), ...$message) === $header;
        if ($result === $expected && $signed) {
            $passed++;
        } else {
            $failed++;
            echo "failed: $id\n";
        }
    }
    echo "$passed passed, $failed failed\n";
    return $failed > 0 ? 1 : 0;
}
