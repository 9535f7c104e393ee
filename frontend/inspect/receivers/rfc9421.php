<?php
http_response_code(500); // what stops half-way was not taken, and comes again
// What stands in p= of the key's DNS record, by the key's name: 32 bytes are an Ed25519 key (RFC 8463), more are an RSA key.
$keys = [getenv('KEY_ID') => getenv('KEY_P')];
$origin = getenv('ORIGIN'); // as the sender sees it: https://hooks.example.com
$environment = 'environment_' . getenv('ENVIRONMENT');
const MUST = ['@method', '@target-uri', 'content-digest', 'content-type', 'x-copernica-id'];
// One signature: its label, then what "@signature-params" says of it, which is a list of names and parameters.
const INPUT = '/^([a-z][\w.-]*)=(\(((?:"@?[a-z][a-z0-9-]*" ?)*)\)((?:;[a-z]+=(?:\d+|"[^"\\\\]*"))*))$/D';

function refuse(string $why): never
{
    error_log("refused: $why");
    http_response_code(401);
    exit;
}

$body = file_get_contents('php://input'); // the bytes as they came: never parsed and written again
$headers = array_map('trim', array_change_key_case(getallheaders()));
if (!preg_match(INPUT, $headers['signature-input'] ?? '', $input)) refuse('Signature-Input is none that this receiver reads');
[, $label, $params, $names, $rest] = $input;
preg_match_all('/"([^"]*)"/', $names, $found);
$names = $found[1];
preg_match_all('/;([a-z]+)="?([^";]*)/', $rest, $found);
$parameter = array_combine($found[1], $found[2]);
if (array_diff(MUST, $names)) refuse('the signature does not cover all that it must');
if (!preg_match('/^' . preg_quote($label, '/') . '=:([A-Za-z0-9+\/]+=*):$/D', $headers['signature'] ?? '', $given)) refuse('the signature is not there');
$digest = base64_encode(hash('sha256', $body, true));
if (!preg_match('/(?:^|,)\s*sha-256=:([^:]*):/', $headers['content-digest'] ?? '', $claimed) || !hash_equals($digest, $claimed[1])) refuse('the body is not the one that was signed');
$now = (int) (getenv('NOW') ?: time());
if (!ctype_digit($parameter['created'] ?? '') || abs((int) $parameter['created'] - $now) > 60 || $now > (int) ($parameter['expires'] ?? $now)) refuse('the call is too old, or this clock is wrong');
if (($headers['x-copernica-id'] ?? '') !== $environment) refuse('the call is for somebody else');
$derived = ['@method' => $_SERVER['REQUEST_METHOD'], '@target-uri' => $origin . $_SERVER['REQUEST_URI']];
$lines = array_map(fn ($name) => "\"$name\": " . ($derived[$name] ?? $headers[$name] ?? refuse("$name is missing")), $names);
$signed = implode("\n", [...$lines, "\"@signature-params\": $params"]);
$signature = base64_decode($given[1]);
$p = $keys[$parameter['keyid'] ?? ''] ?? refuse('the key is not known');
$raw = base64_decode($p);
$algorithm = strlen($raw) === SODIUM_CRYPTO_SIGN_PUBLICKEYBYTES ? 'ed25519' : 'rsa-v1_5-sha256';
if (($parameter['alg'] ?? $algorithm) !== $algorithm) refuse('the key is of another kind');
$pem = "-----BEGIN PUBLIC KEY-----\n" . chunk_split($p, 64, "\n") . "-----END PUBLIC KEY-----\n";
$right = $algorithm === 'ed25519'
    ? strlen($signature) === SODIUM_CRYPTO_SIGN_BYTES && sodium_crypto_sign_verify_detached($signature, $signed, $raw)
    : openssl_verify($signed, $signature, $pem, OPENSSL_ALGO_SHA256) === 1;
if (!$right) refuse('the signature is not that of this call');

error_log($body); // keep the nonce for two minutes, and refuse one that was seen
http_response_code(204);
