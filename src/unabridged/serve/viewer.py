"""Viewer of a request: the person behind it, and the session or token by which they are known."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from starlette.requests import HTTPConnection

from unabridged.archive.records.accounts import FRESH, User
from unabridged.archive.records.core import OWNER
from unabridged.archive.records.library import TokenScope
from unabridged.serve.languages.messages import gettext
from unabridged.serve.security import ForeignRequest, Signer

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Way = Literal["open", "session", "token", "proxy"]
"""open: no login is asked. proxy: a reverse proxy names the person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """A person who is allowed in. scope: what a token may do.

    session: number of their session. since: the time of the login that opened it.
    """

    user: User
    way: Way
    session: int | None = None
    since: datetime | None = None
    scope: TokenScope = "write"

    @property
    def is_admin(self) -> bool:
        return self.user.role == "admin"

    def is_fresh(self, now: datetime) -> bool:
        """Say whether the person logged in so recently that they may add another way to log in."""
        return self.since is not None and now - self.since <= FRESH

    def is_recent(self, now: datetime) -> bool:
        """Say whether the person may do what opens everybody's things: not a program, and no old session.

        Where no login is asked, they use the machine with the files; a proxy has its own rules for logins.
        """
        return self.way in ("open", "proxy") or (self.way == "session" and self.is_fresh(now))

    @property
    def form_key(self) -> str:
        """The person and session to which the tokens of forms belong."""
        return f"{self.user.id}:{self.session or ''}"


def open_viewer() -> Viewer:
    """Return the owner, who needs no login where none is asked."""
    owner = User(id=OWNER, name="owner", role="admin", created=EPOCH)
    return Viewer(user=owner, way="open")


def viewer_of(request: HTTPConnection) -> Viewer | None:
    """Return the viewer of a request; None for one who is not logged in, on a page that answers everybody."""
    found: Viewer | None = request.scope.get("state", {}).get("viewer")
    return found


def form_token(signer: Signer, viewer: Viewer | None) -> str:
    """Return the token that the forms of a page carry: it is valid for this viewer and session only."""
    return signer.sign("form", viewer.form_key if viewer else "")


def check_token(signer: Signer, token: str, viewer: Viewer | None) -> None:
    """Raise ForeignRequest if a form's token is wrong, for example from before a restart or a login."""
    if not signer.accepts(token, "form", viewer.form_key if viewer else ""):
        raise ForeignRequest(
            gettext(
                "This page is from before the last restart of the program or the last login. "
                "Reload it and try again."
            )
        )
