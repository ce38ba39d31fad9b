"""Views of accounts: lines of devices, passkeys, linked logins, tokens and people."""

import re
from dataclasses import dataclass

from unabridged import urls
from unabridged.archive.records.accounts import Identity, Passkey, Session, User
from unabridged.archive.records.core import OWNER
from unabridged.archive.records.library import Token
from unabridged.serve.languages.messages import gettext
from unabridged.serve.views.formatting import date_time, relative_time
from unabridged.serve.views.lists import Moment

_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrom", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
)
_PRODUCT = re.compile(r"[\w .+-]{1,40}")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceLine:
    """A device on which somebody is logged in. is_here: the one that shows the page."""

    id: int
    name: str
    address: str
    created: str
    last_used: str
    is_here: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PasskeyLine:
    """A passkey."""

    id: int
    name: str
    created: str
    last_used: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityLine:
    """A linked login. provider: its host. subject: the provider's own name for the person."""

    id: int
    provider: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenLine:
    """A token of a program."""

    id: int
    name: str
    scope: str
    created: str
    last_used: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UserLine:
    """A person in the list of administrators."""

    id: int
    name: str
    role: str
    created: str
    is_you: bool
    is_owner: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OneTimeAddress:
    """A one-time address, shown once. what: it is for."""

    url: str
    what: str


def device_line(session: Session, moment: Moment, *, is_here: bool) -> DeviceLine:
    return DeviceLine(
        id=session.id,
        name=device_name(session.agent),
        address=session.address,
        created=date_time(session.created, moment.zone),
        last_used=relative_time(session.last_used, moment.now, moment.zone),
        is_here=is_here,
    )


def device_name(agent: str) -> str:
    """Return browser and system of a User-Agent header ("Firefox on Linux"), or its first product."""
    browser = next((name for sign, name in _BROWSERS if sign in agent), None)
    system = next((name for sign, name in _SYSTEMS if sign in agent), None)
    if browser and system:
        return gettext("{browser} on {system}").format(browser=browser, system=system)
    found = _PRODUCT.match(agent)
    return browser or system or (found[0].strip() if found else "") or gettext("Unknown device")


def passkey_line(passkey: Passkey, moment: Moment) -> PasskeyLine:
    return PasskeyLine(
        id=passkey.id,
        name=passkey.name,
        created=date_time(passkey.created, moment.zone),
        last_used=relative_time(passkey.last_used, moment.now, moment.zone) if passkey.last_used else "",
    )


def identity_line(identity: Identity) -> IdentityLine:
    host = urls.host(identity.issuer) or identity.issuer
    return IdentityLine(id=identity.id, provider=host, subject=identity.subject)


def token_line(token: Token, moment: Moment) -> TokenLine:
    return TokenLine(
        id=token.id,
        name=token.name,
        scope=token.scope,
        created=date_time(token.created, moment.zone),
        last_used=relative_time(token.last_used, moment.now, moment.zone)
        if token.last_used
        else gettext("never used"),
    )


def user_line(user: User, moment: Moment, *, is_you: bool) -> UserLine:
    is_owner = user.id == OWNER
    return UserLine(
        id=user.id,
        name=user.name,
        role=user.role,
        created="" if is_owner else date_time(user.created, moment.zone),
        is_you=is_you,
        is_owner=is_owner,
    )
