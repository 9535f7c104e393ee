# pip install cryptography
import base64, hashlib, hmac, os, re, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ed25519, padding


def key_of(p):
    """Of what stands in p= of a key's DNS record: 32 bytes are an Ed25519 key (RFC 8463), more are an RSA key."""
    der = base64.b64decode(p)
    if len(der) == 32:
        return "ed25519", ed25519.Ed25519PublicKey.from_public_bytes(der)
    return "rsa-v1_5-sha256", serialization.load_der_public_key(der)


KEYS = {os.environ["KEY_ID"]: key_of(os.environ["KEY_P"])}  # by their names
ORIGIN = os.environ["ORIGIN"]  # as the sender sees it: https://hooks.example.com
ENVIRONMENT = "environment_" + os.environ["ENVIRONMENT"]
LIMIT = 10 << 20  # bytes of a body
MUST = {"@method", "@target-uri", "content-digest", "content-type", "x-copernica-id"}
# One signature: its label, then what "@signature-params" says of it, which is a list of names and parameters.
INPUT = re.compile(r'([a-z][\w.-]*)=(\(((?:"@?[a-z][a-z0-9-]*" ?)*)\)((?:;[a-z]+=(?:\d+|"[^"\\]*"))*))')


def verify(method, target, headers, body, now=None):
    """`headers` by lower-case name; raises ValueError if the call is not to be believed."""
    found = INPUT.fullmatch(headers["signature-input"])
    if not found:
        raise ValueError("Signature-Input is none that this receiver reads")
    label, params, names, rest = found.groups()
    given = re.fullmatch(re.escape(label) + r"=:([A-Za-z0-9+/]+=*):", headers["signature"])
    names = re.findall(r'"([^"]*)"', names)
    parameter = dict(re.findall(r';([a-z]+)="?([^";]*)', rest))
    if not given or not MUST <= set(names):
        raise ValueError("the signature does not cover all that it must")
    digest = base64.b64encode(hashlib.sha256(body).digest())
    claimed = re.search(r"(?:^|,)\s*sha-256=:([^:]*):", headers["content-digest"])
    if not claimed or not hmac.compare_digest(claimed[1].encode("latin-1"), digest):
        raise ValueError("the body is not the one that was signed")
    now = int(now or time.time())
    if abs(int(parameter["created"]) - now) > 60 or now > int(parameter.get("expires", now)):
        raise ValueError("the call is too old, or this clock is wrong")
    if headers["x-copernica-id"] != ENVIRONMENT:
        raise ValueError("the call is for somebody else")
    derived = {"@method": method, "@target-uri": ORIGIN + target}
    value = lambda name: derived[name] if name.startswith("@") else headers[name].strip()
    lines = [f'"{name}": {value(name)}' for name in names] + [f'"@signature-params": {params}']
    signed, signature = "\n".join(lines).encode("latin-1"), base64.b64decode(given[1])
    algorithm, key = KEYS.get(parameter["keyid"], (None, None))
    if key is None or parameter.get("alg", algorithm) != algorithm:
        raise ValueError("the key is not known, or is of another kind")
    try:
        if algorithm == "ed25519":
            key.verify(signature, signed)
        else:
            key.verify(signature, signed, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature:
        raise ValueError("the signature is not that of this call") from None


class Receiver(BaseHTTPRequestHandler):
    timeout = 15  # seconds that a client may be silent

    def do_POST(self):
        length = self.headers["Content-Length"] or "0"
        if not length.isdecimal():
            return self.send_error(400)
        if len(length) > 8 or int(length) > LIMIT:
            return self.send_error(413)
        body = self.rfile.read(int(length))
        try:
            verify("POST", self.path, {name.lower(): value for name, value in self.headers.items()}, body)
        except Exception as error:  # whatever it is that a stranger sent
            self.log_message("refused: %s", error)
            return self.send_error(401)
        print(body.decode(errors="replace"))  # keep the nonce for two minutes, and refuse one that was seen
        self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    ThreadingHTTPServer(("", int(os.environ.get("PORT", 8080))), Receiver).serve_forever()
