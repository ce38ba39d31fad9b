"""Exports whose process was killed, or whose disk was full: nothing half is left, the next run is whole."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.formats.book.sample_articles import NOW, article, fill
from unabridged.archive import Archive, ImportedPage
from unabridged.errors import ExportError
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import ExportJob
from unabridged.model import Page

COUNT = 60
STOCKED = "stocked.db"
TARGETS = {
    "document": "tree",
    "markdown": "notes",
    "jsonl": "all.jsonl",
    "epub": "news.epub",
    "html": "news.html",
    "warc": "pages.warc.gz",
}
KILLED = """
import os, resource, signal, sys
from pathlib import Path
from tests.formats.book.sample_articles import NOW
from unabridged.archive import Archive
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import ExportJob

database, format, target = sys.argv[1], sys.argv[2], Path(sys.argv[3])
moved = []

def watch(event, arguments):
    if event == "os.rename":  # a file of a folder is about to be put in its place
        moved.append(arguments)
        if len(moved) > 20:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(watch)
with Archive(database) as archive:
    archive.library().counts()
    if target.suffix:  # one file: the kernel ends the process when so much of it is written
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    EXPORTERS[format](archive, ExportJob(now=NOW), target)
"""


@pytest.fixture(scope="module")
def stocked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    """An archive of articles with raw pages, and a few with a picture."""
    with Archive(str(tmp_path_factory.getbasetemp() / STOCKED)) as archive:
        fill(archive)
        ready = []
        for number in range(100, 100 + COUNT):
            body = f"<p>On day {number} the ferry sailed. {os.urandom(400).hex()}</p>"
            one = article(number, f"The ferry, day {number}", "en", body)
            page = Page(
                url=one.url, final_url=one.url, status=200, headers={}, body=body.encode(), fetched=NOW
            )
            ready.append(ImportedPage(article=one, page=page))
        archive.library().imports.add_pages(ready, now=NOW)
        archive.documents.assign_numbers()
        yield archive


def export(archive: Archive, format: str, target: Path) -> None:
    EXPORTERS[format](archive, ExportJob(now=NOW), target)


def content(target: Path) -> dict[str, bytes]:
    """What was written, file by file; half-written ones too."""
    if target.is_dir():
        found = (path for path in sorted(target.rglob("*")) if path.is_file())
        return {str(path.relative_to(target)): path.read_bytes() for path in found}
    return {path.name: path.read_bytes() for path in target.parent.iterdir() if target.name in path.name}


@pytest.mark.parametrize("format", TARGETS)
def test_an_export_killed_half_way_is_whole_after_the_next_run(
    stocked: Archive, tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, format: str
) -> None:
    target, unharmed = tmp_path / TARGETS[format], tmp_path / "unharmed" / TARGETS[format]
    export(stocked, format, unharmed)

    done = subprocess.run(
        [sys.executable, "-c", KILLED, tmp_path_factory.getbasetemp() / STOCKED, format, target],
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
        check=False,
    )
    half = content(target)
    assert -done.returncode in (signal.SIGKILL, signal.SIGXFSZ)
    assert any(name.endswith(".part") for name in (Path(one).name for one in half))
    assert half != content(unharmed)

    export(stocked, format, target)

    assert content(target) == content(unharmed)


@pytest.fixture
def small_disk(make_disk: Callable[[str], Path]) -> Path:
    """A file system of 64 kB."""
    return make_disk("64k")


@pytest.mark.parametrize("format", TARGETS)
def test_a_full_disk_is_named_with_the_file_and_the_next_run_goes_on(
    stocked: Archive, tmp_path: Path, small_disk: Path, format: str
) -> None:
    target, unharmed = small_disk / TARGETS[format], tmp_path / "unharmed" / TARGETS[format]
    export(stocked, format, unharmed)

    with pytest.raises(ExportError, match=r"disk is full\. Free some space") as caught:
        export(stocked, format, target)

    assert str(small_disk) in str(caught.value)
    half = content(target) if target.exists() else {}
    assert not any(name.endswith(".part") for name in half)
    assert half.items() <= content(unharmed).items()
    subprocess.run(["mount", "-o", "remount,size=10m", str(small_disk)], check=True)

    export(stocked, format, target)

    assert content(target) == content(unharmed)
