"""Ceremonies: logins in two steps, begun and ended by the same browser, once, within five minutes.

What the first step chose is kept in a signed cookie, so that somebody who only begins logins takes no memory
here. Ended ceremonies are remembered until they would have run out.
"""

import base64
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from starlette.requests import Request
from starlette.responses import Response

from unabridged.errors import LoginRefused
from unabridged.serve.languages.messages import gettext, later
from unabridged.serve.security import Signer, is_secure
from unabridged.serve.viewer import viewer_of

Kind = Literal["passkey-login", "passkey-new", "passkey-invited", "provider"]

LIFE = timedelta(minutes=5)
MOST_ENDED = 50_000
"""Ceremonies remembered as ended. Failed ones count as failed logins, so that no address makes many."""

TOO_LATE = later("This login was begun in another window, or more than five minutes ago. Try again.")
BUSY = later("Too many people are logging in at the moment. Try again in a minute.")


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderLogin:
    """A login at a provider. redirect: our address to which it leads back. verifier: of PKCE (RFC 7636)."""

    redirect: str
    state: str
    nonce: str
    verifier: str


class Ceremonies:
    """Begins and ends ceremonies. Safe to use from several threads."""

    def __init__(self, signer: Signer, base_url: str | None) -> None:
        self._signer = signer
        self._base_url = base_url
        self._ended: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def begin(
        self, answer: Response, request: Request, kind: Kind, chosen: Mapping[str, str], *, now: datetime
    ) -> None:
        """Keep in the browser what was chosen, for the present viewer."""
        parts = [kind, _viewer_key(request), (now + LIFE).timestamp(), dict(chosen)]
        packed = base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")
        self._set_cookie(answer, request, kind, f"{packed}.{self._signer.sign('ceremony', packed)}")

    def end(self, request: Request, kind: Kind, *, now: datetime) -> dict[str, str]:
        """Return what was chosen at the beginning. Raises LoginRefused for another browser, viewer or kind,
        after five minutes, and the second time."""
        value = request.cookies.get(self._cookie_name(request, kind), "")
        packed, _, signature = value.partition(".")
        if not self._signer.accepts(signature, "ceremony", packed):
            raise LoginRefused(gettext(TOO_LATE))
        begun, viewer, ends, chosen = json.loads(base64.urlsafe_b64decode(packed + "==="))
        if (begun, viewer) != (kind, _viewer_key(request)) or now.timestamp() > ends:
            raise LoginRefused(gettext(TOO_LATE))
        self._note_end(signature, now)
        return {str(name): str(text) for name, text in chosen.items()}

    def forget(self, answer: Response, request: Request, kind: Kind) -> None:
        """Take the cookie back."""
        self._set_cookie(answer, request, kind, "")

    def secret(self, purpose: str, text: str) -> str:
        """Return a secret of 80 letters that follows from a text, and that nobody else can find."""
        return "".join(self._signer.sign(f"{purpose} {half}", text) for half in (1, 2))

    def _note_end(self, signature: str, now: datetime) -> None:
        with self._lock:
            if len(self._ended) >= MOST_ENDED:
                self._ended = {known: at for known, at in self._ended.items() if at + LIFE >= now}
            if len(self._ended) >= MOST_ENDED:
                raise LoginRefused(gettext(BUSY))
            if signature in self._ended:
                raise LoginRefused(gettext(TOO_LATE))
            self._ended[signature] = now

    def _cookie_name(self, request: Request, kind: Kind) -> str:
        return (
            f"__Host-unabridged-{kind}" if is_secure(request.scope, self._base_url) else f"unabridged-{kind}"
        )

    def _set_cookie(self, answer: Response, request: Request, kind: Kind, value: str) -> None:
        answer.set_cookie(
            self._cookie_name(request, kind),
            value,
            max_age=int(LIFE.total_seconds()) if value else 0,
            path="/",
            secure=is_secure(request.scope, self._base_url),
            httponly=True,
            samesite="lax" if kind == "provider" else "strict",  # a provider leads back from another site
        )


def _viewer_key(request: Request) -> str:
    viewer = viewer_of(request)
    return viewer.form_key if viewer else ""
