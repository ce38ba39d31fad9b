"""ID tokens: one wrong claim, key or signature and nobody is logged in."""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from tests.serve.running_app import NOW
from unabridged.errors import LoginRefused
from unabridged.serve.logins.id_tokens import LEEWAY, NotSigned, read_id_token

ISSUER, CLIENT, NONCE = "https://login.example", "reader", "n-1"
T = int(NOW.timestamp())
CLAIMS: dict[str, Any] = {
    "iss": ISSUER, "sub": "ada-1", "aud": CLIENT, "exp": T + 300, "iat": T - 5, "nonce": NONCE
}  # fmt: skip


@cache
def key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}, private=True)


@cache
def other() -> ECKey:
    return ECKey.generate_key("P-256", {"kid": "two"}, private=True)


def public(*keys: RSAKey | ECKey) -> list[Mapping[str, Any]]:
    return [one.as_dict(private=False) for one in keys]


def signed(claims: dict[str, Any], header: dict[str, Any] | None = None, by: Any = None) -> str:
    head = {"alg": "RS256", "kid": "one"} | (header or {})
    return jwt.encode(head, claims, by or key(), algorithms=[head["alg"]])


def read(token: str, keys: list[Mapping[str, Any]] | None = None, **changed: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "algorithms": ("RS256", "ES256", "HS256", "none"),
        "issuer": ISSUER,
        "client_id": CLIENT,
        "nonce": NONCE,
        "access_token": "access",
        "now": NOW,
    }
    return read_id_token(token, public(key(), other()) if keys is None else keys, **given | changed)


def test_a_good_token_says_who_somebody_is() -> None:
    assert read(signed(CLAIMS))["sub"] == "ada-1"
    several = signed(CLAIMS | {"aud": [CLIENT, "api"], "azp": CLIENT})
    assert read(several)["sub"] == "ada-1"
    assert read(signed(CLAIMS, {"alg": "ES256", "kid": "two"}, other()))["sub"] == "ada-1"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "https://evil.example"},
        {"iss": [ISSUER]},
        {"iss": None},
        {"aud": "other"},
        {"aud": ["other", "another"]},
        {"aud": [CLIENT, "other"]},
        {"aud": [CLIENT, "other"], "azp": "other"},
        {"aud": [{"a": 1}, CLIENT]},
        {"aud": None},
        {"aud": ""},
        {"azp": "other"},
        {"nonce": "n-2"},
        {"nonce": None},
        {"nonce": [NONCE]},
        {"exp": T - LEEWAY - 1},
        {"exp": str(T + 300)},
        {"exp": float("nan")},
        {"exp": True},
        {"exp": None},
        {"iat": T + LEEWAY + 1},
        {"iat": None},
        {"nbf": T + LEEWAY + 1},
        {"sub": None},
        {"sub": ["ada-1"]},
        {"at_hash": "of another token"},
    ],
)
def test_a_wrong_claim_is_refused_in_words(wrong: dict[str, Any]) -> None:
    claims = {name: value for name, value in (CLAIMS | wrong).items() if value is not None}
    with pytest.raises(LoginRefused, match="not valid"):
        read(signed(claims))


def test_a_claim_that_is_null_is_refused() -> None:
    for name in CLAIMS:
        with pytest.raises(LoginRefused):
            read(signed(CLAIMS | {name: None}))


def test_a_token_by_another_key_or_by_none_is_not_signed() -> None:
    stranger = RSAKey.generate_key(2048, {"kid": "one"}, private=True)
    head, body, mark = signed(CLAIMS).split(".")
    none = urlsafe_b64encode(b'{"alg":"none"}').decode().rstrip("=")
    for token in (
        signed(CLAIMS, by=stranger),
        signed(CLAIMS, {"kid": "three"}),
        signed(CLAIMS | {"sub": "x"}).rpartition(".")[0] + "." + mark,
        f"{head}.{body}.",
        f"{none}.{body}.",
        "",
        "a.b",
        "a.b.c.d.e",
        "é.é.é",
    ):
        with pytest.raises(NotSigned):
            read(token)


def test_a_public_key_is_no_secret_of_hmac() -> None:
    secret = OctKey.import_key("client secret, 32 bytes or more .", {"kid": "one"})
    token = signed(CLAIMS, {"alg": "HS256"}, secret)
    with pytest.raises(NotSigned):
        read(token)
    with pytest.raises(NotSigned):
        read(token, [secret.as_dict(private=True)])
    with pytest.raises(NotSigned):
        read(token, [*public(key()), secret.as_dict(private=True)], algorithms=("HS256",))


def test_strange_keys_beside_the_right_one_do_no_harm() -> None:
    keys = [{"kty": "AKP", "kid": "x"}, {"kty": "RSA", "use": "enc"}, {}, *public(key())]
    assert read(signed(CLAIMS), keys)["sub"] == "ada-1"
    with pytest.raises(NotSigned):
        read(signed(CLAIMS), [])
    with pytest.raises(NotSigned):
        read(signed(CLAIMS), [{"kty": "RSA", "kid": "one", "n": "!", "e": []}])


def test_the_time_is_that_of_the_caller() -> None:
    with pytest.raises(LoginRefused):
        read(signed(CLAIMS), now=datetime(2026, 3, 21, tzinfo=UTC))
