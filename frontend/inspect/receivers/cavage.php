<?php
http_response_code(500); // what stops half-way was not taken, and comes again
// What stands in p= of the key's DNS record, by the key's name.
$keys = [getenv('KEY_ID') => getenv('KEY_P')];
$host = getenv('HOST_NAME');
$environment = 'environment_' . getenv('ENVIRONMENT');
const MUST = ['(request-target)', 'host', 'date', 'digest', 'x-copernica-id'];

function refuse(string $why): never
{
    error_log("refused: $why");
    http_response_code(401);
    exit;
}

$body = file_get_contents('php://input'); // the bytes as they came: never parsed and written again
$headers = array_change_key_case(getallheaders());
preg_match_all('/(\w+)="([^"]*)"/', $headers['signature'] ?? '', $found);
$signature = array_combine($found[1], $found[2]);
$names = explode(' ', $signature['headers'] ?? '');
if (array_diff(MUST, $names)) refuse('the signature does not cover all that it must');
$digest = base64_encode(hash('sha256', $body, true));
if (!preg_match('/sha-256=([^,\s]+)/i', $headers['digest'] ?? '', $claimed) || !hash_equals($claimed[1], $digest)) refuse('the body is not the one that was signed');
$date = strtotime($headers['date'] ?? '');
if ($date === false || abs($date - (int) (getenv('NOW') ?: time())) > 60) refuse('the call is too old, or this clock is wrong');
if (($headers['host'] ?? '') !== $host || ($headers['x-copernica-id'] ?? '') !== $environment) refuse('the call is for somebody else');
$lines = [];
foreach ($names as $name) {
    $value = $name === '(request-target)' ? strtolower($_SERVER['REQUEST_METHOD']) . ' ' . $_SERVER['REQUEST_URI'] : ($headers[$name] ?? refuse("$name is missing"));
    $lines[] = "$name: $value";
}
$key = $keys[$signature['keyId'] ?? ''] ?? refuse('the key is not known');
$pem = "-----BEGIN PUBLIC KEY-----\n" . chunk_split($key, 64, "\n") . "-----END PUBLIC KEY-----\n";
if (openssl_verify(implode("\n", $lines), base64_decode($signature['signature'] ?? ''), $pem, OPENSSL_ALGO_SHA256) !== 1) refuse('the signature is not that of this call');

error_log($body); // keep X-Nonce for two minutes, and refuse one that was seen
http_response_code(204);
