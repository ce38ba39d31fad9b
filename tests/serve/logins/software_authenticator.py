"""A small authenticator in software: makes passkeys and answers challenges as a browser passes them on."""

import hashlib
import json
import secrets
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, HAS_CREDENTIAL = 0x01, 0x04, 0x40


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


@dataclass(slots=True)
class SoftwareAuthenticator:
    """One passkey for one site. Whatever a browser would check can be changed by the test."""

    host: str = "localhost"
    origin: str = "http://localhost"
    count: int = 0
    handle: bytes = b""
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))

    def create(self, options: dict[str, Any]) -> str:
        """Make the passkey for the options of a server."""
        self.handle = decoded(options["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, **point})
        credential = bytes(16) + struct.pack(">H", len(self.credential_id)) + self.credential_id + public
        data = self._data(HAS_CREDENTIAL) + credential
        made = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        return self._answer({"clientDataJSON": encoded(client), "attestationObject": encoded(made)})

    def get(self, options: dict[str, Any], *, kind: str = "webauthn.get", flags: int = 0) -> str:
        """Answer the challenge of a login."""
        data, client = self._data(flags), self._client(kind, options["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": encoded(client),
                "authenticatorData": encoded(data),
                "signature": encoded(signature),
                "userHandle": encoded(self.handle),
            }
        )

    def _data(self, flags: int) -> bytes:
        said = bytes([PRESENT | VERIFIED | flags])
        return hashlib.sha256(self.host.encode()).digest() + said + struct.pack(">I", self.count)

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        number = encoded(self.credential_id)
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": response})


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "===")
