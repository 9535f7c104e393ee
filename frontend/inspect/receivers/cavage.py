# pip install cryptography
import base64, calendar, hashlib, hmac, os, re, time
from email.utils import parsedate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

# What stands in p= of the key's DNS record, by the key's name.
KEYS = {os.environ["KEY_ID"]: serialization.load_der_public_key(base64.b64decode(os.environ["KEY_P"]))}
HOST, ENVIRONMENT = os.environ["HOST_NAME"], "environment_" + os.environ["ENVIRONMENT"]
LIMIT = 10 << 20  # bytes of a body
MUST = {"(request-target)", "host", "date", "digest", "x-copernica-id"}


def verify(method, target, headers, body, now=None):
    """`headers` by lower-case name; raises ValueError if the call is not to be believed."""
    signature = dict(re.findall(r'(\w+)="([^"]*)"', headers["signature"]))
    names = signature["headers"].split()
    if not MUST <= set(names):
        raise ValueError("the signature does not cover all that it must")
    digest = base64.b64encode(hashlib.sha256(body).digest())
    claimed = re.search(r"(?i)sha-256=([^,\s]+)", headers["digest"])
    if not claimed or not hmac.compare_digest(claimed[1].encode("latin-1"), digest):
        raise ValueError("the body is not the one that was signed")
    date = parsedate(headers["date"])
    if date is None or abs(calendar.timegm(date) - (now or time.time())) > 60:
        raise ValueError("the call is too old, or this clock is wrong")
    if headers["host"] != HOST or headers["x-copernica-id"] != ENVIRONMENT:
        raise ValueError("the call is for somebody else")
    value = lambda name: f"{method.lower()} {target}" if name == "(request-target)" else headers[name]
    signed = "\n".join(f"{name}: {value(name)}" for name in names).encode("latin-1")
    key = KEYS.get(signature["keyId"])
    if key is None:
        raise ValueError("the key is not known")
    try:
        key.verify(base64.b64decode(signature["signature"]), signed, padding.PKCS1v15(), hashes.SHA256())
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
        print(body.decode(errors="replace"))  # keep X-Nonce for two minutes, and refuse one that was seen
        self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    ThreadingHTTPServer(("", int(os.environ.get("PORT", 8080))), Receiver).serve_forever()
