"""Accounts of an archive: people, logins, sessions, one-time addresses."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from sqlalchemy import Connection

from unabridged.archive.accounts import identities, invitations, login_limits, passkeys, sessions, users
from unabridged.archive.accounts.passwords import hash_password, is_outdated, matches
from unabridged.archive.facade.logins import AppLogins, Identities, Passkeys
from unabridged.archive.records.accounts import (
    Device,
    Invitation,
    NewPasskey,
    NewSession,
    Person,
    Role,
    Session,
    User,
)
from unabridged.archive.records.core import OWNER
from unabridged.archive.storage.engine import Database
from unabridged.errors import LoginRefused, NotFound

REFUSED = "This name and password do not belong together."
USED = "This address has been used, or is too old. Ask for a new one."


class Accounts:
    """People with an account: `archive.accounts`. Passwords are hashed outside of transactions."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self.passkeys = Passkeys(db)
        self.identities = Identities(db)
        self.apps = AppLogins(db)

    # People

    def add(self, name: str, role: Role = "reader", password: str | None = None, *, now: datetime) -> User:
        """Add a person. password: None for one who gets a one-time address. Raises ArchiveError."""
        return self._db.writing(lambda conn: users.add(conn, name, role, password, now))

    def all(self) -> tuple[User, ...]:
        """Return the people, oldest first. The first is the archive's owner."""
        with self._db.reading() as conn:
            return users.list_users(conn)

    def get(self, user: int) -> User:
        """Return a person. Raises NotFound."""
        with self._db.reading() as conn:
            return users.get(conn, user)

    def find(self, name: str) -> User:
        """Return the person with a name. Raises NotFound."""
        with self._db.reading() as conn:
            number = users.find_id(conn, name)
            if number is None:
                raise NotFound(f"There is no account {name}. `unabridged user list` shows them.")
            return users.get(conn, number)

    def remove(self, user: int) -> None:
        """Remove a person with their subscriptions, marks, tags and tokens. The articles stay.

        Raises NotFound; ArchiveError for the owner.
        """
        self._db.writing(lambda conn: users.remove(conn, user))

    def set_role(self, user: int, role: Role) -> None:
        """Set the role of a person. Raises ArchiveError."""
        self._db.writing(lambda conn: users.set_role(conn, user, role))

    def check_name(self, secret: str, name: str, *, now: datetime) -> Invitation:
        """Return a one-time address if somebody may take this name there, or needs none.

        Raises LoginRefused if the address is used or too old; ArchiveError for a bad or taken name.
        """
        with self._db.reading() as conn:
            found = invitations.find(conn, secret, now)
            if found is None:
                raise LoginRefused(USED)
            if found.kind != "password":
                users.check_name(conn, name, found.user)
            return found

    def is_claimed(self) -> bool:
        """Say whether the owner can log in, with a password or otherwise."""
        with self._db.reading() as conn:
            return users.can_log_in(conn, OWNER)

    # Logins

    def log_in(self, name: str, password: str, device: Device, *, now: datetime) -> NewSession:
        """Log a person in with a password.

        Takes as long for an unknown name as for a known one. Raises LoginRefused for a wrong name or
        password, and for every try after too many failures of an account or address.
        """
        keys = login_limits.keys_of(name, device.address)
        with self._db.reading() as conn:
            login_limits.check(conn, keys, now)
            user = users.find_id(conn, name)
            stored = users.password_hash(conn, user)
        if not matches(password, stored) or user is None or stored is None:
            self._db.writing(lambda conn: login_limits.record_failure(conn, keys, now))
            raise LoginRefused(REFUSED)
        renewed = hash_password(password) if is_outdated(stored) else None
        return self._db.writing(lambda conn: _enter(conn, user, keys, renewed, device, now))

    def check_address(self, address: str, *, now: datetime) -> None:
        """Raise LoginRefused for an address that has to wait after too many failed logins."""
        with self._db.reading() as conn:
            login_limits.check(conn, login_limits.keys_of_address(address), now)

    def record_failure(self, address: str, *, now: datetime) -> None:
        """Count a login that failed without a name: by passkey, or by a login provider."""
        keys = login_limits.keys_of_address(address)
        self._db.writing(lambda conn: login_limits.record_failure(conn, keys, now))

    def open_session(self, user: int, device: Device, *, now: datetime) -> NewSession:
        """Log a person in who proved otherwise who they are. Raises NotFound."""

        def enter(conn: Connection) -> NewSession:
            users.get(conn, user)
            return sessions.create(conn, user, device, now)

        return self._db.writing(enter)

    def session(self, secret: str, *, now: datetime) -> Session | None:
        """Return the session with a secret and note its use; None if it has ended."""
        with self._db.reading() as conn:
            found = sessions.find(conn, secret, now)
        if found is not None and sessions.is_stale(found, now):
            number = found.id
            self._db.writing(lambda conn: sessions.touch(conn, number, now))
        return found

    def sessions(self, user: int, *, now: datetime) -> tuple[Session, ...]:
        """Return a person's devices, the last used first."""
        with self._db.reading() as conn:
            return sessions.list_sessions(conn, user, now)

    def end_session(self, user: int, session: int) -> None:
        """Log a person out on one device. Raises NotFound."""
        self._db.writing(lambda conn: sessions.end(conn, user, session))

    def end_other_sessions(self, user: int, kept: int | None = None) -> int:
        """Log a person out everywhere but on one device; return on how many."""
        return self._db.writing(lambda conn: sessions.end_others(conn, user, kept))

    # Passwords and one-time addresses

    def set_password(self, user: int, password: str, *, kept: int | None = None) -> None:
        """Set a person's password and end their other sessions. kept: the session that stays.

        Raises ArchiveError for a password that is too short; NotFound.
        """
        hashed = hash_password(password)

        def change(conn: Connection) -> None:
            users.get(conn, user)
            users.set_password(conn, user, hashed)
            sessions.end_others(conn, user, kept)

        self._db.writing(change)

    def change_password(
        self, user: int, old: str, new: str, *, kept: int | None, address: str, now: datetime
    ) -> None:
        """Set a person's password if they know the present one. Raises LoginRefused, ArchiveError."""
        keys = login_limits.keys_of(f"password of {user}", address)
        with self._db.reading() as conn:
            login_limits.check(conn, keys, now)
            stored = users.password_hash(conn, user)
        if stored is not None and not matches(old, stored):
            self._db.writing(lambda conn: login_limits.record_failure(conn, keys, now))
            raise LoginRefused("The present password is wrong.")
        self.set_password(user, new, kept=kept)

    def invite_owner(self, *, now: datetime) -> str:
        """Make the one-time address of the first account and return its secret."""
        return self._db.writing(lambda conn: invitations.create(conn, "first", "admin", OWNER, now))

    def invite(self, role: Role = "reader", *, now: datetime) -> str:
        """Make a one-time address for a new person and return its secret."""
        return self._db.writing(lambda conn: invitations.create(conn, "account", role, None, now))

    def invite_to_password(self, user: int, *, now: datetime) -> str:
        """Make a one-time address at which a person gets a new way to log in; return its secret."""

        def make(conn: Connection) -> str:
            role = users.get(conn, user).role
            return invitations.create(conn, "password", role, user, now)

        return self._db.writing(make)

    def invitation(self, secret: str, *, now: datetime) -> Invitation | None:
        """Return what a one-time address is for; None if it is used or too old."""
        with self._db.reading() as conn:
            return invitations.find(conn, secret, now)

    def accept(self, secret: str, name: str, password: str, device: Device, *, now: datetime) -> NewSession:
        """Use a one-time address: make the account or set the password, and log the person in.

        name: of a new person or of the owner. Raises LoginRefused if the address is used or too old;
        ArchiveError for a bad name or password, and then the address stays.
        """
        hashed = hash_password(password)
        way = partial(users.set_password, hashed=hashed)
        return self._db.writing(lambda conn: _accept(conn, secret, name, way, device, now))

    def accept_passkey(
        self, secret: str, name: str, new: NewPasskey, device: Device, *, now: datetime
    ) -> NewSession:
        """Use a one-time address as `accept` does, with a passkey instead of a password."""
        way = partial(passkeys.add, new=new, now=now)
        return self._db.writing(lambda conn: _accept(conn, secret, name, way, device, now))

    def accept_identity(
        self, secret: str, name: str, person: Person, device: Device, *, now: datetime
    ) -> NewSession:
        """Use a one-time address as `accept` does, with a login elsewhere instead of a password.

        name: "" takes the names of that login.
        """
        way = partial(identities.link, person=person)

        def enter(conn: Connection) -> NewSession:
            chosen = name if name.strip() else identities.free_name(conn, person)
            return _accept(conn, secret, chosen, way, device, now)

        return self._db.writing(enter)


def _accept(
    conn: Connection,
    secret: str,
    name: str,
    add_way: Callable[[Connection, int], object],
    device: Device,
    now: datetime,
) -> NewSession:
    """Use a one-time address. add_way: gives a person a way to log in."""
    invitation = invitations.find(conn, secret, now)
    if invitation is None or not invitations.use(conn, secret):
        raise LoginRefused(USED)
    if invitation.user is None:
        user = users.add(conn, name, invitation.role, None, now).id
    else:
        user = invitation.user
        if invitation.kind == "first":
            users.rename(conn, user, name)
    add_way(conn, user)
    sessions.end_others(conn, user, None)
    return sessions.create(conn, user, device, now)


def _enter(
    conn: Connection,
    user: int,
    keys: tuple[tuple[bytes, int], ...],
    renewed: str | None,
    device: Device,
    now: datetime,
) -> NewSession:
    login_limits.forget(conn, keys)
    sessions.remove_ended(conn, now)
    if renewed is not None:
        users.set_password(conn, user, renewed)
    return sessions.create(conn, user, device, now)
