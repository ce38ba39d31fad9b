"""Network namespaces for workers: each its own machine as far as addresses go, joined by a bridge."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

HUB = "10.200.0.1"
"""This machine's address on the bridge, where database and publisher are."""

HOSTS = "198.18"
"""First part of the addresses of a publisher's hosts (RFC 2544); each namespace has its own loopback."""

BRIDGE = "unabridged0"

Prefixes = list[list[str]]
"""First words of a command that runs in a namespace."""


class Refused(Exception):
    """Namespaces cannot be made here; the message says why."""


@contextmanager
def namespaces(count: int) -> Iterator[Prefixes]:
    """Make so many namespaces that reach this machine and the hosts on it; all are gone afterwards.

    Raises Refused where this is not root's machine to change, or such a bridge is there.
    """
    if os.geteuid() != 0 or shutil.which("ip") is None:
        raise Refused("they take root and the program ip (package iproute2)")
    names = [f"unabridged{number}" for number in range(1, count + 1)]
    with ExitStack() as undo:
        _do(undo, f"link add {BRIDGE} type bridge", f"link delete {BRIDGE}")
        _do(undo, f"address add {HUB}/24 dev {BRIDGE}")
        _do(undo, f"link set {BRIDGE} up")
        _do(undo, f"route add local {HOSTS}.0.0/16 dev lo", f"route delete local {HOSTS}.0.0/16 dev lo")
        for number, name in enumerate(names, 2):
            _do(undo, f"netns add {name}", f"netns delete {name}")
            _do(undo, f"link add {name} type veth peer name eth0 netns {name}")
            _do(undo, f"link set {name} master {BRIDGE} up")
            _do(undo, f"-n {name} link set lo up")
            _do(undo, f"-n {name} address add 10.200.0.{number}/24 dev eth0")
            _do(undo, f"-n {name} link set eth0 up")
            _do(undo, f"-n {name} route add default via {HUB}")
        yield [["ip", "netns", "exec", name] for name in names]


def _do(undo: ExitStack, words: str, undone: str | None = None) -> None:
    done = subprocess.run(["ip", *words.split()], capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"ip {words}: {done.stderr.strip()}")
    if undone is not None:
        undo.callback(subprocess.run, ["ip", *undone.split()], capture_output=True, check=False)
