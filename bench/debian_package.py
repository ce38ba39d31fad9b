"""Debian packages unpacked into a cache folder: programs that are not installed, or of another release."""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

CACHE = Path(os.environ.get("XDG_CACHE_HOME", "~/.cache")).expanduser() / "unabridged-bench"
KEYS = "/usr/share/keyrings/debian-archive-keyring.gpg"
LISTED = Path("/etc/apt/sources.list.d/debian.sources")
OVERLAY = 'mount -t overlay overlay -o "lowerdir=$0:/usr" /usr && exec "$@"'
"""Shell command: put folders over /usr, in a namespace of its own, and run a program there."""

Choose = Callable[[Sequence[str], Path], Sequence[str]]
"""Returns the names of packages to unpack. Arguments: options of apt, the cache."""


class Unavailable(Exception):
    """A program that cannot be had here. The message says why."""


def unpacked(name: str, suite: str, *, cache: Path = CACHE, with_libraries: bool = False) -> Path:
    """Return the folder of a package, downloaded from this machine's mirror and unpacked if it was not yet.

    suite: the release. with_libraries: also all that it depends on, for a release with another C library.
    Raises Unavailable.
    """

    def names(options: Sequence[str], folder: Path) -> Sequence[str]:
        return [name, *_libraries(name, options, folder)] if with_libraries else [name]

    return _cached(f"{name}-{suite}", suite, cache, names)


def unpacked_with_missing(name: str, suite: str, *others: str, cache: Path = CACHE) -> Path:
    """Return the folder of packages of this machine's release, with all they need that is not installed.

    suite: the release. Raises Unavailable, also on a machine of another release.
    """
    release = Path("/etc/os-release")
    if not release.exists() or f"VERSION_CODENAME={suite}\n" not in release.read_text():
        raise Unavailable(f"{name} is wanted of Debian {suite}, which this machine does not run")

    def names(options: Sequence[str], folder: Path) -> Sequence[str]:
        asked = ["apt-get", *options, "-s", "install", "--no-install-recommends", name, *others]
        return re.findall(r"^Inst (\S+)", _run(asked, folder), re.M)

    return _cached("-".join((name, *others, suite)), suite, cache, names)


def overlaid(folders: Sequence[Path], command: Sequence[str]) -> list[str]:
    """Return a command that runs where the packages in `folders` seem to be installed."""
    layers = ":".join(str(folder / "usr") for folder in folders)
    namespace = ("unshare", "--user", "--map-root-user", "--mount", "--propagation", "private")
    return [*namespace, "sh", "-c", OVERLAY, layers, *command]


def _cached(title: str, suite: str, cache: Path, choose: Choose) -> Path:
    """Return a folder of the cache, filled with packages if it was not yet. Raises Unavailable."""
    folder, partial = cache / title, cache / f"{title}.partial"
    cache.mkdir(parents=True, exist_ok=True)
    with (cache / "lock").open("w") as lock:  # apt takes its own only to fail
        fcntl.flock(lock, fcntl.LOCK_EX)
        if folder.exists():
            return folder
        shutil.rmtree(partial, ignore_errors=True)
        try:
            _unpack(suite, cache, partial, choose)
            partial.rename(folder)
        except (OSError, subprocess.SubprocessError, StopIteration) as exc:
            raise Unavailable(f"the package {title} cannot be downloaded: {exc}") from exc
    return folder


def _unpack(suite: str, cache: Path, folder: Path, choose: Choose) -> None:
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
    names = choose(options, cache)
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
