"""A service that does what a grant permits, once: it checks the token by itself, then has it redeemed for exactly what it is about to do.

Needs Python 3.9 and PyJWT 2.6 with cryptography. From the environment: COUNTERSIGN, ISSUER, AUDIENCE, RESOURCE_KEY, PORT.
"""

import json
import os
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import jwt

COUNTERSIGN, ISSUER, AUDIENCE = os.environ["COUNTERSIGN"], os.environ["ISSUER"], os.environ["AUDIENCE"]
keys = jwt.PyJWKClient(f"{COUNTERSIGN}/.well-known/jwks.json", lifespan=300)


def verify(token: str) -> None:
    """Raises PyJWTError for everything that is not a grant for us, now."""
    jwt.decode(
        token,
        keys.get_signing_key_from_jwt(token).key,
        algorithms=["RS256"],
        issuer=ISSUER,
        audience=AUDIENCE,
        leeway=0,
        options={"require": ["iss", "aud", "exp", "nbf", "jti"]},
    )


def redeem(token: str, action: dict) -> int:
    """The status of the answer: only after 200 anything is done."""
    body = json.dumps({"token": token, "attempt": str(uuid.uuid4()), "action": action}).encode()
    headers = {"Authorization": f"Bearer {os.environ['RESOURCE_KEY']}", "Content-Type": "application/json"}
    try:
        return urlopen(Request(f"{COUNTERSIGN}/v1/grants/redeem", body, headers), timeout=10).status
    except HTTPError as refusal:
        return refusal.code


def run(action: dict) -> None:
    """Yours: does what the action says, and nothing else."""


class Service(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        action = json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0))))
        status = self.done(token if scheme == "Bearer" else "", action)
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def done(self, token: str, action: dict) -> int:
        try:
            verify(token)
        except jwt.PyJWTError:
            return 401
        status = redeem(token, action)
        if status == 200:
            run(action)
        return status


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Service).serve_forever()
