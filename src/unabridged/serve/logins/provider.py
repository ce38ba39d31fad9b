"""Provider of OpenID Connect: its documents, the address of its login, and the person whom it names.

Authorization code flow with PKCE (https://openid.net/specs/openid-connect-core-1_0.html). All requests go
through a Fetcher of its own, for which the host of the issuer is allowed because the settings name it.
"""

import asyncio
import hmac
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from authlib.oauth2.auth import ClientAuth
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from unabridged import urls
from unabridged.archive.records.accounts import Person
from unabridged.config import FetchSettings, ServeSettings
from unabridged.errors import FetchError, LoginRefused
from unabridged.fetch.client import ACCEPT_JSON, Fetcher
from unabridged.fetch.credentials import Credentials, keeps_secrets
from unabridged.model import Page
from unabridged.serve.languages.messages import gettext, later
from unabridged.serve.logins.ceremonies import ProviderLogin
from unabridged.serve.logins.id_tokens import ALGORITHMS, NotSigned, read_id_token

log = logging.getLogger("unabridged.serve")

DISCOVERY = "/.well-known/openid-configuration"
SCOPE = "openid profile email"
KEPT = timedelta(hours=1)
"""Time for which the provider's documents are used without asking again."""

PAUSE = timedelta(seconds=5)
"""Time for which a provider that did not answer is not asked again."""

MAX_DOCUMENT = 262_144
NAME_CLAIMS = ("preferred_username", "nickname", "name", "email")

SILENT = later("{name} does not answer as it should at the moment. Try again later, or log in another way.")
REFUSED = later("{name} did not confirm this login. Try again.")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Documents:
    """The document in which the provider describes itself, and its keys."""

    metadata: Mapping[str, Any]
    keys: tuple[Mapping[str, Any], ...]
    read: datetime

    def text(self, name: str) -> str:
        value = self.metadata.get(name)
        return value if isinstance(value, str) else ""

    def texts(self, name: str, default: tuple[str, ...]) -> tuple[str, ...]:
        value = self.metadata.get(name)
        return tuple(filter(_is_text, value)) if isinstance(value, list) else default


class Provider:
    """The provider that the settings name. Use as an async context manager."""

    def __init__(self, settings: ServeSettings, fetch: FetchSettings) -> None:
        assert settings.oidc_issuer is not None and settings.oidc_client_id is not None
        self.issuer = settings.oidc_issuer
        self.name = settings.oidc_name or urls.host(self.issuer)
        self._client_id = settings.oidc_client_id
        self._client_secret = settings.oidc_client_secret
        allowed = (*fetch.allow_private, _host_and_port(self.issuer))
        self._fetcher = Fetcher(replace(fetch, per_host_gap=0.0, allow_private=allowed))
        self._documents: _Documents | None = None
        self._failed: datetime | None = None
        self._reading = asyncio.Lock()

    async def __aenter__(self) -> Self:
        await self._fetcher.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._fetcher.__aexit__(kind, error, trace)

    async def login_address(self, login: ProviderLogin, *, now: datetime) -> str:
        """Return the address at which a person logs in. Raises LoginRefused if the provider is silent."""
        documents = await self._read_documents(now)
        address = prepare_grant_uri(
            documents.text("authorization_endpoint"),
            self._client_id,
            "code",
            redirect_uri=login.redirect,
            scope=SCOPE,
            state=login.state,
            nonce=login.nonce,
            code_challenge=create_s256_code_challenge(login.verifier),
            code_challenge_method="S256",
        )
        return str(address)

    async def person(self, login: ProviderLogin, code: str, *, issuer: str | None, now: datetime) -> Person:
        """Return the person for whom the provider gave a code. Raises LoginRefused.

        issuer: as the provider named itself beside the code (RFC 9207); None if it did not.
        """
        documents = await self._read_documents(now)
        if issuer is not None and not hmac.compare_digest(issuer.encode(), documents.text("issuer").encode()):
            raise LoginRefused(gettext(REFUSED).format(name=self.name))
        tokens = await self._tokens(documents, login, code)
        claims = await self._claims(documents, tokens, login, now)
        subject = claims.get("sub")
        if not isinstance(subject, str) or not subject:
            raise LoginRefused(gettext(REFUSED).format(name=self.name))
        if not _names(claims):
            claims |= await self._user_info(documents, tokens, subject)
        return Person(issuer=documents.text("issuer"), subject=subject, names=_names(claims))

    async def _claims(
        self, documents: _Documents, tokens: Mapping[str, Any], login: ProviderLogin, now: datetime
    ) -> dict[str, Any]:
        try:
            return self._read_token(documents, tokens, login, now)
        except NotSigned:
            fresh = await self._read_documents(now, again=True)
        try:
            return self._read_token(fresh, tokens, login, now)
        except NotSigned as exc:
            log.warning("the ID token of %s is not signed by its keys: %s", self.issuer, exc)
            raise LoginRefused(gettext(REFUSED).format(name=self.name)) from exc

    def _read_token(
        self, documents: _Documents, tokens: Mapping[str, Any], login: ProviderLogin, now: datetime
    ) -> dict[str, Any]:
        return read_id_token(
            str(tokens.get("id_token", "")),
            documents.keys,
            algorithms=documents.texts("id_token_signing_alg_values_supported", ALGORITHMS),
            issuer=documents.text("issuer"),
            client_id=self._client_id,
            nonce=login.nonce,
            access_token=str(tokens.get("access_token", "")),
            now=now,
        )

    async def _tokens(self, documents: _Documents, login: ProviderLogin, code: str) -> dict[str, Any]:
        endpoint = documents.text("token_endpoint")
        body = prepare_token_request(
            "authorization_code", redirect_uri=login.redirect, code=code, code_verifier=login.verifier
        )
        auth = ClientAuth(self._client_id, self._client_secret, self._auth_method(documents))
        _, headers, body = auth.prepare("POST", endpoint, {}, body)
        credentials = Credentials(origin=endpoint, headers=tuple(headers.items())) if headers else None
        try:
            return _json_object(await self._fetcher.call(endpoint, body.encode(), credentials))
        except (FetchError, ValueError) as exc:
            log.warning("the login provider refused a code: %s", exc)
            raise LoginRefused(gettext(REFUSED).format(name=self.name)) from exc

    def _auth_method(self, documents: _Documents) -> str:
        if self._client_secret is None:
            return "none"
        offered = documents.texts("token_endpoint_auth_methods_supported", ("client_secret_basic",))
        return "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"

    async def _user_info(
        self, documents: _Documents, tokens: Mapping[str, Any], subject: str
    ) -> dict[str, Any]:
        """Return the claims that the provider keeps for its endpoint of claims; {} if it has none."""
        endpoint, token = documents.text("userinfo_endpoint"), str(tokens.get("access_token", ""))
        if not endpoint or not keeps_secrets(endpoint) or not token.isascii() or not token.isprintable():
            return {}
        secret = Credentials(origin=endpoint, headers=(("Authorization", f"Bearer {token}"),))
        try:
            claims = await self._json(endpoint, secret)
        except (FetchError, ValueError) as exc:
            log.warning("the login provider tells no name: %s", exc)
            return {}
        return claims if claims.get("sub") == subject else {}

    async def _read_documents(self, now: datetime, *, again: bool = False) -> _Documents:
        async with self._reading:
            known = self._documents
            if known is None or now - known.read > KEPT or (again and now > known.read):
                if self._failed is not None and abs(now - self._failed) < PAUSE:  # others wait for the same
                    raise LoginRefused(gettext(SILENT).format(name=self.name))
                try:
                    self._documents = known = await self._fetch_documents(now)
                except (FetchError, ValueError) as exc:
                    self._failed = now
                    log.warning("the login provider %s cannot be asked: %s", self.issuer, exc)
                    raise LoginRefused(gettext(SILENT).format(name=self.name)) from exc
            return known

    async def _fetch_documents(self, now: datetime) -> _Documents:
        metadata = await self._json(self.issuer.rstrip("/") + DISCOVERY)
        if str(metadata.get("issuer")).rstrip("/") != self.issuer.rstrip("/"):
            raise ValueError(f"it says that it is {str(metadata.get('issuer'))[:200]!r}")
        for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
            if not keeps_secrets(str(metadata.get(name))):
                raise ValueError(f"its {name} is not an https address")
        keys = (await self._json(str(metadata["jwks_uri"]))).get("keys")
        if not isinstance(keys, list):
            raise ValueError("it has no keys")
        return _Documents(
            metadata=metadata, keys=tuple(key for key in keys if isinstance(key, dict)), read=now
        )

    async def _json(self, url: str, credentials: Credentials | None = None) -> dict[str, Any]:
        page = await self._fetcher.get(
            url, accept=ACCEPT_JSON, max_bytes=MAX_DOCUMENT, credentials=credentials
        )
        assert isinstance(page, Page), "no validator was sent"
        return _json_object(page.body)


def _json_object(body: bytes) -> dict[str, Any]:
    """Read a JSON object. Raises ValueError."""
    try:
        value = json.loads(body)
    except RecursionError:
        value = None
    if not isinstance(value, dict):
        raise ValueError("its answer is not a JSON object")
    return value


def _names(claims: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of a person, the best for an account first."""
    found = [claims.get(name) for name in NAME_CLAIMS]
    return tuple(text.partition("@")[0] for text in found if isinstance(text, str) and text)


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def _host_and_port(address: str) -> str:
    parts = urlsplit(address)
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
