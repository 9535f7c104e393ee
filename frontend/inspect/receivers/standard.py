import base64, hashlib, hmac, os, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"))
LIMIT = 10 << 20  # bytes of a body


def verify(headers, body, now=None):
    """`headers` by lower-case name; raises ValueError if the call is not to be believed."""
    identity, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(int(timestamp) - int(now or time.time())) > 300:
        raise ValueError("the call is too old, or this clock is wrong")
    signed = f"{identity}.{timestamp}.".encode("latin-1") + body
    wanted = b"v1," + base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest())
    if not any(hmac.compare_digest(each, wanted) for each in headers["webhook-signature"].encode("latin-1").split()):
        raise ValueError("the signature is not that of this call")


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
            verify({name.lower(): value for name, value in self.headers.items()}, body)
        except Exception as error:  # whatever it is that a stranger sent
            self.log_message("refused: %s", error)
            return self.send_error(401)
        print(body.decode(errors="replace"))  # keep webhook-id for ten minutes, and pass over one that was seen
        self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    ThreadingHTTPServer(("", int(os.environ.get("PORT", 8080))), Receiver).serve_forever()
