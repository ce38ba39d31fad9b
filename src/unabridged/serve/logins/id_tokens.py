"""ID tokens of OpenID Connect: verified by signature, issuer, audience, times and nonce."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from unabridged.errors import LoginRefused
from unabridged.serve.languages.messages import gettext

ALGORITHMS = tuple("RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split())
"""Signatures with a public key: never "none", nor a secret that both sides know."""

KEY_TYPES = ("RSA", "EC", "OKP")
LEEWAY = 60
"""Seconds by which the provider's clock may differ from ours."""


class NotSigned(Exception):
    """An ID token that none of the provider's keys signed. They may have been changed."""


def read_id_token(
    token: str,
    keys: Sequence[Mapping[str, Any]],
    *,
    algorithms: Sequence[str],
    issuer: str,
    client_id: str,
    nonce: str,
    access_token: str,
    now: datetime,
) -> dict[str, Any]:
    """Return the claims of an ID token. Raises LoginRefused, NotSigned.

    keys: of the provider, as JSON Web Keys. algorithms: that it says it uses.
    """
    usable = [dict(key) for key in keys if key.get("kty") in KEY_TYPES and key.get("use", "sig") == "sig"]
    registry = JWSRegistry(
        algorithms=[name for name in algorithms if name in ALGORITHMS], strict_check_header=False
    )
    try:
        if not usable:
            raise NotSigned
        decoded = jwt.decode(token, KeySet.import_key_set({"keys": usable}), registry=registry)
    except (JoseError, ValueError, TypeError, KeyError) as exc:
        raise NotSigned(f"{type(exc).__name__}: {exc}") from exc
    claims = CodeIDToken(
        decoded.claims,
        decoded.header,
        options={"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}},
        params={"nonce": nonce, "client_id": client_id, "access_token": access_token},
    )
    try:
        claims.validate(now=int(now.timestamp()), leeway=LEEWAY)
    except (JoseError, ValueError, TypeError) as exc:
        raise LoginRefused(
            gettext("The login was refused: its ID token is not valid ({reason}). Try again.").format(
                reason=exc
            )
        ) from exc
    return dict(claims)
