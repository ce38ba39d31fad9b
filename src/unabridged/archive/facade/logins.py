"""Logins without a password: passkeys, and identities at a login provider."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection

from unabridged.archive.accounts import identities, login_limits, passkeys, sessions, users
from unabridged.archive.library import api_tokens
from unabridged.archive.records.accounts import Device, Identity, NewPasskey, NewSession, Passkey, Person
from unabridged.archive.records.library import Token
from unabridged.archive.storage.engine import Database
from unabridged.errors import LoginRefused

UNKNOWN_PASSKEY = (
    "This passkey is not known here. It may have been removed from the account. Log in another way."
)
NO_APP_PASSWORD = (
    "This name and app password do not belong together. Apps do not log in with the password of an account: "
    "make a token on the page of your account, or with `unabridged token add NAME`, and enter it as password."
)
UNKNOWN_PERSON = (
    "There is no account for this login yet. Log in with your password and link it on the account page. "
    "Without an account, ask an administrator for one."
)


class Passkeys:
    """Passkeys of people: `archive.accounts.passkeys`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def add(self, user: int, new: NewPasskey, *, now: datetime) -> Passkey:
        """Add a passkey to a person. Raises NotFound; ArchiveError if it is in use, or there are too many."""
        return self._db.writing(lambda conn: passkeys.add(conn, user, new, now))

    def all(self, user: int) -> tuple[Passkey, ...]:
        """Return a person's passkeys, oldest first."""
        with self._db.reading() as conn:
            return passkeys.list_passkeys(conn, user)

    def rename(self, user: int, passkey: int, name: str) -> None:
        """Give one of a person's passkeys another name. Raises NotFound."""
        self._db.writing(lambda conn: passkeys.rename(conn, user, passkey, name))

    def remove(self, user: int, passkey: int) -> None:
        """Remove one of a person's passkeys. Raises NotFound; ArchiveError for the last way to log in."""
        self._db.writing(lambda conn: passkeys.remove(conn, user, passkey))

    def log_in(
        self, credential_id: bytes, verify: Callable[[Passkey], int], device: Device, *, now: datetime
    ) -> NewSession:
        """Log in the person to whom a passkey belongs.

        verify: returns the authenticator's count of uses, or raises LoginRefused. Raises LoginRefused for
        an unknown passkey, and for a count that is not higher than before.
        """
        with self._db.reading() as conn:
            known = passkeys.find(conn, credential_id)
        if known is None:
            raise LoginRefused(UNKNOWN_PASSKEY)
        count, number, user = verify(known), known.id, known.user

        def enter(conn: Connection) -> NewSession:
            passkeys.note_use(conn, number, count, now)
            return sessions.create(conn, user, device, now)

        return self._db.writing(enter)


class Identities:
    """Identities of people at a login provider: `archive.accounts.identities`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def link(self, user: int, person: Person) -> None:
        """Let a person log in with an identity. Raises NotFound; ArchiveError if it is somebody's already."""
        self._db.writing(lambda conn: identities.link(conn, user, person))

    def all(self, user: int) -> tuple[Identity, ...]:
        """Return a person's identities, oldest first."""
        with self._db.reading() as conn:
            return identities.list_identities(conn, user)

    def unlink(self, user: int, identity: int) -> None:
        """Remove one of a person's identities. Raises NotFound; ArchiveError for the last way to log in."""
        self._db.writing(lambda conn: identities.unlink(conn, user, identity))

    def log_in(self, person: Person, device: Device, *, create: bool, now: datetime) -> NewSession:
        """Log in the person to whom an identity belongs.

        create: make an account, as reader, for somebody who has none. An account of the same name stays
        somebody else's. Raises LoginRefused for somebody without an account.
        """

        def enter(conn: Connection) -> NewSession:
            user = identities.find_user(conn, person)
            if user is None:
                if not create:
                    raise LoginRefused(UNKNOWN_PERSON)
                user = users.add(conn, identities.free_name(conn, person), "reader", None, now).id
                identities.link(conn, user, person)
            return sessions.create(conn, user, device, now)

        return self._db.writing(enter)


class AppLogins:
    """Logins of apps, whose password is an API token: `archive.accounts.apps`."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def log_in(self, name: str, secret: str, address: str, *, now: datetime) -> Token:
        """Return the token of an app that sent a person's name and a token as password.

        Failures are counted apart from those of people, whom an app with an old password must not keep out.
        Raises LoginRefused for a wrong name or token, and for every try after too many failures.
        """
        keys = login_limits.keys_of(f"apps of {name}", f"of apps: {address}")
        with self._db.reading() as conn:
            login_limits.check(conn, keys, now)
            found = api_tokens.find(conn, secret)
        if found is None or found.user_name.casefold() != name.casefold():
            self._db.writing(lambda conn: login_limits.record_failure(conn, keys, now))
            raise LoginRefused(NO_APP_PASSWORD)
        self._db.writing(lambda conn: login_limits.forget(conn, keys))
        return found

    def by_token(self, secret: str, *, now: datetime) -> Token | None:
        """Return the API token with a secret and note its use; None if there is none."""
        with self._db.reading() as conn:
            found = api_tokens.find(conn, secret)
        return self._noted(found, now)

    def by_fever_key(self, key: str, *, now: datetime) -> Token | None:
        """Return the token of a Fever app by its key (MD5 of "name:token"), and note its use; None without.

        Wrong keys are not counted: there is nothing to guess in a digest of 192 random bits.
        """
        with self._db.reading() as conn:
            found = api_tokens.find_by_fever_key(conn, key.lower())
        return self._noted(found, now)

    def _noted(self, found: Token | None, now: datetime) -> Token | None:
        if found is not None and api_tokens.is_stale(found, now):
            self._db.writing(lambda conn: api_tokens.touch(conn, found.id, now))
        return found
