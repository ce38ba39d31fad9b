"""Records of accounts: people, their sessions, passkeys, identities and one-time addresses."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

Role = Literal["admin", "reader"]
"""admin: also manages accounts and the archive."""

ROLES: tuple[Role, ...] = get_args(Role)

InvitationKind = Literal["first", "account", "password"]
"""first: the owner's account, made at the first start; account: a new person; password: a new way to
log in to an account."""

LONGEST_NAME = 60
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 1024
"""Characters of a password. NIST SP 800-63B asks for a minimum and allows no rules about kinds of signs."""

SESSION_IDLE = timedelta(days=60)
"""A session that is not used for this long ends."""

SESSION_LIFE = timedelta(days=365)
"""Longest life of a session."""

INVITATION_LIFE = timedelta(days=7)

FRESH = timedelta(minutes=15)
"""Age of a session up to which another way to log in may be added."""

LONGEST_PASSKEY_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person. has_password: they can log in with a password."""

    id: int
    name: str
    role: Role
    created: datetime
    has_password: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device of a login. agent: the browser's own description. address: of the network."""

    agent: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A device on which a person is logged in. agent: the browser's own description. last_used: to five
    minutes."""

    id: int
    user: User
    agent: str
    address: str
    created: datetime
    last_used: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSession:
    """A new session with its secret, which is sent to the browser and not stored."""

    secret: str
    session: Session


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """A one-time address. user: whose password it sets; None for a new person."""

    kind: InvitationKind
    role: Role
    user: int | None
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPasskey:
    """A passkey as an authenticator made it. public_key: in COSE form. sign_count: uses so far, or 0.

    handle: by which the authenticator knows the account, None if it follows from the account's number.
    """

    credential_id: bytes
    public_key: bytes
    sign_count: int
    name: str
    handle: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passkey:
    """A passkey of a person. last_used: None if never. handle: as in `NewPasskey`."""

    id: int
    user: int
    name: str
    credential_id: bytes
    public_key: bytes
    created: datetime
    last_used: datetime | None
    handle: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody as a login provider names them. issuer and subject: who they are, for ever.

    names: for a new account, the best first.
    """

    issuer: str
    subject: str
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """An account at a login provider with which a person logs in."""

    id: int
    issuer: str
    subject: str
