"""One-time addresses: the first account, a new person, a new password."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from unabridged.archive.accounts.secret_hashes import new_secret, secret_hash
from unabridged.archive.records.accounts import INVITATION_LIFE, Invitation, InvitationKind, Role
from unabridged.archive.storage.tables_accounts import invitations


def create(conn: Connection, kind: InvitationKind, role: Role, user: int | None, now: datetime) -> str:
    """Make a one-time address and return its secret. Older ones for the same person end."""
    secret = new_secret()
    conn.execute(delete(invitations).where(invitations.c.expires <= now))
    if user is not None:
        conn.execute(delete(invitations).where(invitations.c.user_id == user))
    row = {
        "secret_hash": secret_hash(secret),
        "kind": kind,
        "role": role,
        "user_id": user,
        "expires": now + INVITATION_LIFE,
    }
    conn.execute(insert(invitations), row)
    return secret


def find(conn: Connection, secret: str, now: datetime) -> Invitation | None:
    """Return the one-time address with a secret; None if there is none, or it is used or too old."""
    mine = invitations.c.secret_hash == secret_hash(secret)
    row = conn.execute(select(invitations).where(mine, invitations.c.expires > now)).first()
    if row is None:
        return None
    return Invitation(kind=row.kind, role=row.role, user=row.user_id, expires=row.expires)


def use(conn: Connection, secret: str) -> bool:
    """End a one-time address; say whether it still was one."""
    mine = invitations.c.secret_hash == secret_hash(secret)
    return conn.execute(delete(invitations).where(mine)).rowcount == 1
