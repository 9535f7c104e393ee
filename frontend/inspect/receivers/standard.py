import base64, hashlib, hmac, os, time
from http.server import BaseHTTPRequestHandler, HTTPServer

SECRET = base64.b64decode(os.environ["SECRET"].removeprefix("whsec_"))


def verify(headers, body, now=None):
    """`headers` by lower-case name; raises ValueError if the call is not to be believed."""
    identity, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(int(timestamp) - (now or time.time())) > 300:
        raise ValueError("the call is too old, or this clock is wrong")
    signed = f"{identity}.{timestamp}.".encode() + body
    wanted = "v1," + base64.b64encode(hmac.new(SECRET, signed, hashlib.sha256).digest()).decode()
    if not any(hmac.compare_digest(each, wanted) for each in headers["webhook-signature"].split()):
        raise ValueError("the signature is not that of this call")


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"] or 0))
        try:
            verify({name.lower(): value for name, value in self.headers.items()}, body)
        except (KeyError, ValueError) as error:
            self.log_message("refused: %s", error)
            return self.send_error(401)
        print(body.decode())  # keep webhook-id for ten minutes, and pass over one that was seen
        self.send_response(204)
        self.end_headers()


if __name__ == "__main__":
    HTTPServer(("", int(os.environ.get("PORT", 8080))), Receiver).serve_forever()
