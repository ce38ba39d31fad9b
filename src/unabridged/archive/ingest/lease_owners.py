"""Lease tokens that name the process that took the lease, so that leases of dead processes end early.

A token is `machine.boot.namespace.pid.start.random`. Processes of another machine or container cannot be
checked; their leases end by time.
"""

import hashlib
import os
import secrets
import socket
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

FIELDS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Process that holds a lease. boot: start of the machine; namespace: of pids; start: of the process."""

    machine: str
    boot: str
    namespace: str
    pid: int
    start: str

    @classmethod
    def of_token(cls, token: str) -> Self | None:
        """Read the owner from a token; None if the token names none."""
        fields = token.split(".")
        if len(fields) != FIELDS + 1 or not fields[3].isdecimal():
            return None
        machine, boot, namespace, pid, start, _ = fields
        return cls(machine=machine, boot=boot, namespace=namespace, pid=int(pid[:9]), start=start)

    def token(self) -> str:
        """Return a new, unique token."""
        fields = (self.machine, self.boot, self.namespace, str(self.pid), self.start, secrets.token_hex(8))
        return ".".join(fields)


def new_token() -> str:
    """Return a token of this process."""
    pid = os.getpid()
    machine, boot, namespace = _host_identity()
    return Owner(
        machine=machine, boot=boot, namespace=namespace, pid=pid, start=_process_start(pid) or ""
    ).token()


def dead_tokens(tokens: Iterable[str], *, one_machine: bool) -> tuple[str, ...]:
    """Return those tokens whose process is known to have ended.

    one_machine: the archive is a file, so that no process from before the machine's last start can run.
    """
    return tuple(token for token in tokens if _is_dead(Owner.of_token(token), one_machine))


def _is_dead(owner: Owner | None, one_machine: bool) -> bool:
    machine, boot, namespace = _host_identity()
    if owner is None or owner.machine != machine:
        return False
    if owner.boot != boot:
        return one_machine
    if owner.namespace != namespace:
        return False
    start = _process_start(owner.pid)
    return start is None or (owner.start != "" and start != owner.start)


@cache
def _host_identity() -> tuple[str, str, str]:
    """Return hashes that identify this machine, its last start and its pid namespace."""
    machine = _read_file("/etc/machine-id") or socket.gethostname()
    boot = _read_file("/proc/sys/kernel/random/boot_id")
    try:
        namespace = str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        namespace = ""
    return _short_hash(machine), _short_hash(boot), _short_hash(namespace)


def _read_file(path: str) -> str:
    try:
        return Path(path).read_text().strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _process_start(pid: int) -> str | None:
    """Return when a process started, "" if the system does not tell, None if there is no such process.

    A process that has ended but was not waited for yet (a zombie) does not count.
    """
    if not sys.platform.startswith("linux"):
        return "" if _is_running(pid) else None
    stat = _read_file(f"/proc/{pid}/stat")
    state, *fields = stat.rpartition(")")[2].split() or ("",)
    if state in ("", "Z", "X"):
        return None
    return fields[18]  # field 22 of proc(5), the state being field 3


def _is_running(pid: int) -> bool:
    if sys.platform == "win32":
        return True  # signal 0 would end the process on Windows
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
