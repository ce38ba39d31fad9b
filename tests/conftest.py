"""For all tests: a small disk, children that read, an empty archive; those that mostly wait begin first."""

import os
import shutil
import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest
import pytest_asyncio
from argon2 import PasswordHasher

from unabridged.archive.accounts import passwords
from unabridged.archive.facade.archive import Archive
from unabridged.feeds.reader.pool import FeedReader
from unabridged.poll.extractor.pool import Extractor

HERE = Path(__file__).parent
SLOW = frozenset((HERE / "slow.txt").read_text().split())
"""Files of tests that run programs, browsers and apps over and over: a third of all the time."""

CERTIFICATES = {
    "good": ("DNS:localhost,IP:127.0.0.1", "2"),
    "other": ("DNS:other.example", "2"),
    "expired": ("DNS:localhost,IP:127.0.0.1", "-1"),
}
"""Certificate -> whom it names, and for how many days it is valid."""

Children = dict[str, Any]
"""Arguments of a poller and of one-off reading: the reader and the extractor that all tests share."""

Value = TypeVar("Value")


def present(value: Value | None) -> Value:
    """Return what must be there."""
    assert value is not None
    return value


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.relative_to(HERE).as_posix() in SLOW:
            item.add_marker("slow")
    items.sort(key=lambda item: item.get_closest_marker("first") is None)


@pytest.fixture
def make_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Makes a file system of a size ("64k"), and gives the folder where it is."""
    folder = tmp_path / "small"

    def make(size: str) -> Path:
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "unabridged-test", str(folder)]
        if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
            pytest.skip("mounting a small file system needs root")
        return folder

    yield make
    if folder.is_mount():
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def children() -> AsyncIterator[Children]:
    """Child processes shared by all tests: starting Python is what takes long."""
    async with FeedReader() as reader, Extractor(1) as extractor:
        yield {"reader": reader, "extractor": extractor}


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite archive with nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("template") / "archive.db"
    Archive(str(path)).close()
    return path


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an authority of our own and the certificates that it gave out."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("no openssl here, with which certificates are made")
    folder = tmp_path_factory.mktemp("authority")

    def run(*words: str) -> None:
        subprocess.run([openssl, *words], cwd=folder, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    run("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Our own", "-days", "2")
    for name, (names, days) in CERTIFICATES.items():
        run("req", *key, "-keyout", f"{name}.key", "-out", f"{name}.csr", "-subj", "/CN=Local")
        (folder / f"{name}.ext").write_text(f"subjectAltName={names}\n")
        signed = ("-CA", "ca.pem", "-CAkey", "ca.key", "-days", days, "-extfile", f"{name}.ext")
        run("x509", "-req", "-in", f"{name}.csr", *signed, "-out", f"{name}.pem")
    return folder


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> None:
    """Hash passwords with the least effort; archive/accounts/test_passwords.py looks at the real one."""
    passwords._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
