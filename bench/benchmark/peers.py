"""Extractors of the benchmark: their versions, what they take, and how each is made ready.

Those of the extra `bench` are installed with the project. The others are installed into CACHE, outside the
project: Python packages into folders of their own, Node packages into one folder. One that cannot be
installed is left out, with the reason.
"""

import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from bench.extractors import CACHE

HERE = Path(__file__).parent
PROJECT = HERE.parent.parent
PYTHON_WORKER = HERE / "python_worker.py"
NODE_WORKER = HERE / "node_worker.mjs"
OURS = "Unabridged"
NODE_PACKAGES = {
    "defuddle": "0.19.4",
    "@mozilla/readability": "0.6.0",
    "jsdom": "26.1.0",
    "linkedom": "0.18.15",
}
INSTALL_SECONDS = 300
MOST_OF_A_REASON = 200
NEWER_PYTHONS = ("python3.14", "python3.13", "python3.12")


class LeftOutError(Exception):
    """An extractor cannot run here; the message is the reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One row of the tables.

    package: its name in its registry. takes: "bytes" of the page, or its "text", decoded by us and not timed.
    pinned: the version to install into CACHE, "" for those that come with the project.
    newer_python: whether that version needs a newer Python than ours. dom: the package that parses for it.
    """

    label: str
    package: str
    takes: str = "text"
    pinned: str = ""
    newer_python: bool = False
    dom: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """An extractor that can run. command: what starts its worker, with these variables beside ours."""

    peer: Peer
    version: str
    command: Sequence[str | Path]
    environ: Mapping[str, str] = field(default_factory=dict)


PEERS = (
    Peer(label=OURS, package="unabridged", takes="bytes"),
    Peer(label="trafilatura, with metadata", package="trafilatura", takes="bytes"),
    Peer(label="trafilatura", package="trafilatura", takes="bytes"),
    Peer(label="trafilatura, precision", package="trafilatura", takes="bytes"),
    Peer(label="trafilatura, fast", package="trafilatura", takes="bytes"),
    Peer(label="readability-lxml", package="readability-lxml"),
    Peer(label="go-readability", package="pygoreadability"),
    Peer(label="resiliparse", package="resiliparse"),
    Peer(label="newspaper4k", package="newspaper4k", pinned="0.9.6"),
    Peer(label="magic-html", package="magic-html", pinned="0.1.8", newer_python=True),
    Peer(label="defuddle (linkedom)", package="defuddle", dom="linkedom"),
    Peer(label="Readability.js (jsdom)", package="@mozilla/readability", dom="jsdom"),
    Peer(label="Readability.js (linkedom)", package="@mozilla/readability", dom="linkedom"),
)
"""The first row is the one that the others are compared with."""


def ready(peer: Peer) -> Ready:
    """Install what an extractor needs, where that is missing. Raises LeftOutError."""
    if peer.dom:
        return _ready_node(peer)
    return _ready_pinned(peer) if peer.pinned else _ready_here(peer)


def _ready_here(peer: Peer) -> Ready:
    try:
        found = version(peer.package)
    except PackageNotFoundError:
        raise LeftOutError("not installed; `make bench-extract` installs it") from None
    return Ready(peer=peer, version=found, command=(sys.executable, PYTHON_WORKER, peer.label))


def _ready_pinned(peer: Peer) -> Ready:
    python = _newer_python() if peer.newer_python else sys.executable
    folder = CACHE / f"{peer.package}-{peer.pinned}"
    if not folder.is_dir():
        words = [python, "-m", "pip", "install", "-q", "--disable-pip-version-check"]
        _install([*words, f"{peer.package}=={peer.pinned}", "--target"], folder)
    command = (python, PYTHON_WORKER, peer.label)
    return Ready(peer=peer, version=peer.pinned, command=command, environ={"PYTHONPATH": str(folder)})


def _newer_python() -> str:
    if sys.version_info >= (3, 12):
        return sys.executable
    own = sorted(Path.home().glob(".pyenv/versions/3.1[2-9]*/bin/python3"), reverse=True)
    for python in [*filter(None, map(shutil.which, NEWER_PYTHONS)), *map(str, own)]:
        done = subprocess.run([python, "-m", "pip", "--version"], capture_output=True, check=False)
        if done.returncode == 0:
            return python
    raise LeftOutError("needs Python 3.12 or newer, with pip")


def _ready_node(peer: Peer) -> Ready:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        raise LeftOutError("needs Node.js and npm (Debian: apt install nodejs npm)")
    folder = CACHE / "-".join(["node", *NODE_PACKAGES.values()])
    if not folder.is_dir():
        words = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts"]
        pinned = [f"{name}@{number}" for name, number in NODE_PACKAGES.items()]
        _install([*words, *pinned, "--prefix"], folder)
    shutil.copy(NODE_WORKER, folder)
    numbers = f"{NODE_PACKAGES[peer.package]} with {peer.dom} {NODE_PACKAGES[peer.dom]}"
    return Ready(peer=peer, version=numbers, command=(node, folder / NODE_WORKER.name, peer.label))


def _install(words: Sequence[str | Path], folder: Path) -> None:
    """Install into a folder whose path follows the words; it only exists afterwards if all went well."""
    unfinished = folder.with_name(folder.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    try:
        done = subprocess.run(
            [*words, unfinished], capture_output=True, text=True, check=False, timeout=INSTALL_SECONDS
        )
    except subprocess.TimeoutExpired:
        raise LeftOutError(f"not installed within {INSTALL_SECONDS} seconds") from None
    if done.returncode:
        lines = (done.stderr.strip() or done.stdout.strip() or "it said nothing").split("\n")
        raise LeftOutError(f"not installed: {lines[-1][:MOST_OF_A_REASON]}")
    unfinished.rename(folder)
