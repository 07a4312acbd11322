<?php

/** Calls each operation with the generated client, and prints a line for each call. */

declare(strict_types=1);

use GuzzleHttp\Client;
use GuzzleHttp\HandlerStack;
use OpenAPI\Client\Api\VaultApi;
use OpenAPI\Client\Configuration;
use OpenAPI\Client\Model;
use OpenAPI\Client\ObjectSerializer;
use Psr\Http\Message\RequestInterface;
use Psr\Http\Message\ResponseInterface;

require '/usr/share/php/GuzzleHttp/autoload.php';
require __DIR__ . '/antom_signing.php';
require __DIR__ . '/guzzle_6.php';
spl_autoload_register(function (string $class): void {
    $file = __DIR__ . '/generated/lib/' . str_replace(['OpenAPI\\Client\\', '\\'], ['', '/'], $class) . '.php';
    if (is_file($file)) {
        require $file;
    }
});

$clientId = getenv('ANTOM_CLIENT_ID');
$privateKey = antom_load_private_key(getenv('ANTOM_PRIVATE_KEY'));
$publicKey = antom_load_public_key(getenv('ANTOM_PUBLIC_KEY'));

/** Signs requests, and returns only responses with a valid signature. */
$signing = fn (callable $next) => function (RequestInterface $request, array $options) use ($next, $clientId, $privateKey, $publicKey) {
    $path = $request->getUri()->getPath();
    $time = (string) (int) (microtime(true) * 1000);
    $signed = $request
        ->withHeader('Content-Type', 'application/json; charset=UTF-8')
        ->withHeader('Client-Id', $clientId)
        ->withHeader('Request-Time', $time)
        ->withHeader('Signature', antom_sign($privateKey, 'POST', $path, $clientId, $time, (string) $request->getBody()));
    return $next($signed, $options)->then(function (ResponseInterface $response) use ($path, $clientId, $publicKey) {
        [$time, $header] = [$response->getHeaderLine('response-time'), $response->getHeaderLine('signature')];
        if (!antom_verify($publicKey, 'POST', $path, $clientId, $time, (string) $response->getBody(), $header)) {
            throw new RuntimeException('The response is not signed by Antom. Send the same request again, or call inquireVaulting.');
        }
        return $response;
    });
};
$stack = HandlerStack::create();
$stack->push($signing);
$configuration = (new Configuration())->setHost(getenv('ANTOM_BASE_URL'));
$api = new VaultApi(new Client(['handler' => $stack, 'allow_redirects' => false]), $configuration);
$urls = [
    'vaulting_notification_url' => 'https://merchant.example/antom/notifications',
    'redirect_url' => 'https://merchant.example/cards/done',
];

$vault = function (string $name, string $cardNo) use ($api, $urls): void {
    $request = new Model\VaultPaymentMethodRequest([
        'vaulting_request_id' => $name,
        ...$urls,
        'merchant_region' => 'SG',
        'payment_method_detail' => new Model\PaymentMethodDetail([
            'payment_method_type' => 'CARD',
            'card' => new Model\Card([
                'card_no' => $cardNo,
                'cvv' => '123',
                'expiry_year' => '30',
                'expiry_month' => '12',
                'is3_ds_authentication' => false,
                'cardholder_name' => new Model\UserName(['first_name' => 'Ana', 'last_name' => 'Souza']),
                'billing_address' => new Model\Address(
                    ['region' => 'BR', 'city' => 'São Paulo', 'address1' => 'Rua Augusta 1200', 'zip_code' => '01304001'],
                ),
            ]),
        ]),
        'env' => new Model\Env([
            'terminal_type' => 'WEB',
            'client_ip' => '203.0.113.7',
            'time_zone_offset' => -120,
            'browser_info' => new Model\BrowserInfo([
                'accept_header' => 'text/html',
                'java_enabled' => false,
                'java_script_enabled' => true,
                'language' => 'en-US',
                'user_agent' => 'Mozilla/5.0',
            ]),
        ]),
    ]);
    $response = $api->vaultPaymentMethod($request);
    $result = $response->getResult();
    $card = $response->getPaymentMethodDetail()?->getCard();
    echo "$name {$result->getResultStatus()} {$result->getResultCode()} {$card?->getBrand()} {$card?->getCardToken()} {$result->getResultMessage()}\n";
};
$vault('vaulted', '4054695723100768');
$vault('declined', '4000009900070007');
$inquiry = $api->inquireVaulting(new Model\InquireVaultingRequest(['vaulting_request_id' => 'declined']));
echo "inquired {$inquiry->getVaultingStatus()} {$inquiry->getVaultingResultCode()}\n";
$session = $api->createVaultingSession(
    new Model\CreateVaultingSessionRequest(['payment_method_type' => 'CARD', 'vaulting_request_id' => 'session', ...$urls]),
);
echo "session {$session->getResult()->getResultStatus()} {$session->getNormalUrl()}\n";

$body = getenv('NOTIFICATION_BODY');
if ($body === false) {
    exit;
}
[$path, $time, $header] = [getenv('NOTIFICATION_PATH'), getenv('NOTIFICATION_TIME'), getenv('NOTIFICATION_SIGNATURE')];
if (!antom_verify($publicKey, 'POST', $path, $clientId, $time, $body, $header)) {
    throw new RuntimeException('The notification is not signed by Antom.');
}
$notification = ObjectSerializer::deserialize(json_decode($body), Model\VaultingNotification::class);
$token = $notification->getPaymentMethodDetail()->getCard()->getCardToken();
echo "notification {$notification->getResult()->getResultStatus()} $token\n";
$vault('unknown', '4054695723100768');
