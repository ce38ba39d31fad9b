"""Debian packages unpacked into a cache folder, for programs of another release than this machine's."""

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "unabridged-bench"
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
LISTED = Path("/etc/apt/sources.list.d/debian.sources")


class Unavailable(Exception):
    """A program that cannot be had here. The message says why."""


def unpacked(name: str, suite: str, *, cache: Path = CACHE, with_libraries: bool = False) -> Path:
    """Return the folder of a package, downloaded from this machine's mirror and unpacked if it was not yet.

    suite: the release. with_libraries: also all that it depends on, for a release with another C library.
    Raises Unavailable.
    """
    folder, partial = cache / f"{name}-{suite}", cache / f"{name}-{suite}.partial"
    if not folder.exists():
        cache.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(partial, ignore_errors=True)
        try:
            _unpack(name, suite, cache, partial, with_libraries)
            partial.rename(folder)
        except (OSError, subprocess.SubprocessError, StopIteration) as exc:
            raise Unavailable(f"the package {name} of {suite} cannot be downloaded: {exc}") from exc
    return folder


def _unpack(name: str, suite: str, cache: Path, folder: Path, with_libraries: bool) -> None:
    mirror = re.search(r"^URIs: *(\S+)", LISTED.read_text(), re.M) if LISTED.exists() else None
    if mirror is None:
        raise Unavailable("no Debian mirror is set up for apt")
    for part in ("sources", "lists/partial", "archives/partial"):
        (cache / "apt" / part).mkdir(parents=True, exist_ok=True)
    (cache / "apt" / "sources" / "debian.sources").write_text(
        f"Types: deb\nURIs: {mirror[1]}\nSuites: {suite}\nComponents: main\nSigned-By: {KEYS}\n"
    )
    options = [
        *("-o", "Dir::Etc::SourceList=/dev/null", "-o", f"Dir::Etc::SourceParts={cache}/apt/sources"),
        *("-o", f"Dir::State::Lists={cache}/apt/lists", "-o", f"Dir::Cache::Archives={cache}/apt/archives"),
        *("-o", "Dir::Cache::pkgcache=", "-o", "Dir::Cache::srcpkgcache="),
    ]
    _run(["apt-get", *options, "-q", "update"], cache)
    names = [name, *_libraries(name, options, cache)] if with_libraries else [name]
    _run(["apt-get", *options, "-q", "download", *names], cache)
    for one in names:
        package = next(cache.glob(f"{one}_*.deb"))
        _run(["dpkg", "-x", str(package), str(folder)], cache)
        package.unlink()


def _libraries(name: str, options: Sequence[str], cache: Path) -> list[str]:
    """Return the names of all packages that one depends on."""
    kinds = ("recommends", "suggests", "conflicts", "breaks", "replaces", "enhances")
    asked = ["apt-cache", *options, "depends", "--recurse", *(f"--no-{kind}" for kind in kinds), name]
    lines = _run(asked, cache).splitlines()
    found = {line for line in lines if re.fullmatch(r"[a-z0-9][a-z0-9.+-]*", line)}
    return sorted(one for one in found if one != name and not one.startswith("debconf"))


def _run(command: Sequence[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300, text=True)
    return done.stdout
