"""`verify` of a proof bundle, without the archive. (Of an archive: test_maintenance.py.)"""

import json
import shutil
from pathlib import Path

import pytest

from tests.archive.sample_feeds import NOW, a_page, an_article
from tests.cli.commands.newspaper import output
from tests.cli.tools import Run, Site
from unabridged.archive import Archive
from unabridged.formats.proof.bundle import proof_bundle


@pytest.fixture
def bundle(run: Run, paper: Site, home: Path, tmp_path: Path) -> Path:
    """The bundle of a saved page, whose archive is gone."""
    output(run("save", f"{paper.origin}/story/1"))
    path = tmp_path / "story.zip"
    output(run("proof", "1", "-o", str(path)))
    (home / "unabridged.sqlite").unlink()
    return path


def test_a_bundle_is_checked_without_the_archive(run: Run, bundle: Path) -> None:
    said = output(run("verify", str(bundle)))
    assert "every byte was checked" in said and "today's extractor gets the same words" in said
    found = json.loads(output(run("--json", "verify", str(bundle))))
    assert found["extracted"]["result"] == "same"
    assert found["manifest"]["sha256"] in said
    assert not list(bundle.parent.rglob("*.sqlite"))


def test_a_changed_bundle_is_refused_by_name(run: Run, bundle: Path, tmp_path: Path) -> None:
    changed = tmp_path / "changed.zip"
    changed.write_bytes(bundle.read_bytes().replace(b"harbour before dawn", b"harbour after dawn.", 1))
    done = run("verify", str(changed))
    assert done.returncode == 7
    assert b"article.txt" in done.stderr and done.stderr.startswith(b"Error: ")
    assert run("verify", str(tmp_path / "missing.zip")).returncode == 7
    assert run("verify", str(tmp_path)).returncode == 7


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (f"<html><body><article><h1>T</h1>{'<p>Quite other words stand here.</p>' * 9}", b"other words"),
        ("", b"no article"),
    ],
)
def test_a_text_that_does_not_follow_from_its_page_is_told(
    run: Run, empty_file: Path, tmp_path: Path, page: str, words: bytes
) -> None:
    url = "https://news.example/1"
    shutil.copy(empty_file, tmp_path / "own.db")
    with Archive(str(tmp_path / "own.db")) as archive:
        articles = archive.library().articles
        number = articles.save(an_article(url), a_page(url, page.encode()), now=NOW).article_id
        (tmp_path / "b.zip").write_bytes(proof_bundle(archive.library(), number))
    done = run("verify", str(tmp_path / "b.zip"))
    assert done.returncode == 6
    assert words in done.stdout and b"every byte was checked" in done.stdout
