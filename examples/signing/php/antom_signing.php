<?php

/** Signs requests and verifies responses and notifications of the Antom Vault API. Requires the openssl extension. */

declare(strict_types=1);

/** Loads a PKCS #8 key, as PEM or as bare base64. */
function antom_load_private_key(string $key): OpenSSLAsymmetricKey
{
    return openssl_pkey_get_private(antom_pem($key, 'PRIVATE KEY')) ?: throw new InvalidArgumentException('The private key is invalid.');
}

function antom_load_public_key(string $key): OpenSSLAsymmetricKey
{
    return openssl_pkey_get_public(antom_pem($key, 'PUBLIC KEY')) ?: throw new InvalidArgumentException('The public key is invalid.');
}

/** Returns the Signature header of a request. Pass exactly the body that you send. */
function antom_sign(OpenSSLAsymmetricKey $key, string $method, string $path, string $clientId, string $time, string $body): string
{
    $data = antom_string_to_sign($method, $path, $clientId, $time, $body);
    openssl_sign($data, $signature, $key, OPENSSL_ALGO_SHA256) ?: throw new RuntimeException('Signing failed.');
    return 'algorithm=RSA256,keyVersion=1,signature=' . rawurlencode(base64_encode($signature));
}

/**
 * Returns whether a message is from Antom. Pass the raw body and your own client ID. For a response, pass the path that you requested and the
 * response-time header. For a notification, pass the path and query of your vaultingNotificationUrl, the request-time header, and
 * file_get_contents('php://input') as the body.
 */
function antom_verify(OpenSSLAsymmetricKey $key, string $method, string $path, string $clientId, ?string $time, string $body, ?string $header): bool
{
    $signature = antom_read_signature($header ?? '');
    $data = antom_string_to_sign($method, $path, $clientId, $time ?? '', $body);
    // On an error, openssl_verify returns -1, which PHP treats as true.
    return $signature !== null && openssl_verify($data, $signature, $key, OPENSSL_ALGO_SHA256) === 1;
}

function antom_string_to_sign(string $method, string $path, string $clientId, string $time, string $body): string
{
    return "$method $path\n$clientId.$time.$body";
}

function antom_read_signature(string $header): ?string
{
    $fields = [];
    foreach (explode(',', $header) as $field) {
        [$name, $value] = explode('=', trim($field), 2) + [1 => ''];
        $name = strtolower($name);
        if (isset($fields[$name])) {
            return null;
        }
        $fields[$name] = $value;
    }
    if (strtoupper($fields['algorithm'] ?? '') !== 'RSA256') {
        return null;
    }
    // urldecode would turn a + into a space.
    $signature = base64_decode(rawurldecode($fields['signature'] ?? ''), true);
    return $signature === false ? null : $signature;
}

function antom_pem(string $key, string $label): string
{
    $base64 = preg_replace('/-----[^-]+-----|\s/', '', $key);
    return "-----BEGIN $label-----\n" . chunk_split($base64, 64, "\n") . "-----END $label-----\n";
}
