<?php
http_response_code(500); // what stops half-way was not taken, and comes again
$secret = base64_decode(substr(getenv('SECRET'), strlen('whsec_')));

function refuse(string $why): never
{
    error_log("refused: $why");
    http_response_code(401);
    exit;
}

$body = file_get_contents('php://input'); // the bytes as they came: never parsed and written again
$headers = array_change_key_case(getallheaders());
$id = $headers['webhook-id'] ?? '';
$timestamp = $headers['webhook-timestamp'] ?? '';
if (!ctype_digit($timestamp) || abs((int) $timestamp - (int) (getenv('NOW') ?: time())) > 300) refuse('the call is too old, or this clock is wrong');
$wanted = 'v1,' . base64_encode(hash_hmac('sha256', "$id.$timestamp.$body", $secret, true));
$right = array_filter(explode(' ', $headers['webhook-signature'] ?? ''), fn ($each) => hash_equals($wanted, $each));
if (!$right) refuse('the signature is not that of this call');

error_log($body); // keep webhook-id for ten minutes, and pass over one that was seen
http_response_code(204);
