"""Back-off after failed logins, for each account and each address; stored, so that a restart forgets nothing.

An account that does not exist is limited like one that does: nobody learns which names there are.
"""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select, update

from unabridged.archive.storage.tables_accounts import login_failures
from unabridged.errors import LoginRefused

FREE_ACCOUNT, FREE_ADDRESS = 5, 20
"""Failures without a wait. An address may be that of a whole house."""

FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(days=1)


def keys_of(name: str, address: str) -> tuple[tuple[bytes, int], ...]:
    """Return the keys under which failures are counted, with the number of failures that are free."""
    return (_hash(f"account {name.casefold()}"), FREE_ACCOUNT), *keys_of_address(address)


def keys_of_address(address: str) -> tuple[tuple[bytes, int], ...]:
    """Return the key of an address, for logins without a name: by passkey, by a login provider."""
    return ((_hash(f"address {address}"), FREE_ADDRESS),)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()


def wait(conn: Connection, keys: Iterable[tuple[bytes, int]], now: datetime) -> timedelta:
    """Return the time until the next try is allowed; zero if it is now."""
    waits = [timedelta(0)]
    for key, free in keys:
        row = conn.execute(select(login_failures).where(login_failures.c.key_hash == key)).first()
        if row is not None and row.failures >= free and row.last <= now:  # else the clock was ahead
            waits.append(row.last + _pause(row.failures - free) - now)
    return max(waits)


def check(conn: Connection, keys: Iterable[tuple[bytes, int]], now: datetime) -> None:
    """Raise LoginRefused if the next try is not allowed yet."""
    left = wait(conn, keys, now)
    if left > timedelta(0):
        raise LoginRefused(_too_many(left), retry_after=left)


def _pause(beyond: int) -> timedelta:
    return min(FIRST_WAIT * (1 << min(beyond, 20)), LONGEST_WAIT)


def record_failure(conn: Connection, keys: Iterable[tuple[bytes, int]], now: datetime) -> None:
    """Count a failed login."""
    conn.execute(delete(login_failures).where(login_failures.c.last < now - FORGOTTEN_AFTER))
    for key, _ in keys:
        mine = login_failures.c.key_hash == key
        counted = update(login_failures).where(mine)
        if conn.execute(counted.values(failures=login_failures.c.failures + 1, last=now)).rowcount == 0:
            conn.execute(insert(login_failures), {"key_hash": key, "failures": 1, "last": now})


def forget(conn: Connection, keys: Iterable[tuple[bytes, int]]) -> None:
    """Forget the failures of an account after a login; those of the address stay, which may try others."""
    for key, free in keys:
        if free == FREE_ACCOUNT:
            conn.execute(delete(login_failures).where(login_failures.c.key_hash == key))


def _too_many(wait: timedelta) -> str:
    seconds = max(1, round(wait.total_seconds()))
    told = f"{seconds} seconds" if seconds < 120 else f"{round(seconds / 60)} minutes"
    return f"Too many failed logins. Try again in {told}."
