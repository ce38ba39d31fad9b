"""`verify` of a proof bundle, without the archive. (Of an archive: test_maintenance.py.)"""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from tests.archive.sample_feeds import NOW, a_page, an_article
from tests.cli.commands.newspaper import output
from tests.cli.tools import Run, Site
from unabridged.archive import Archive
from unabridged.formats.proof.bundle import proof_bundle
from unabridged.model import Article


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


def bundle_of(article: Article, page: str, empty_file: Path, folder: Path) -> Path:
    """Store an article as read from a page, and write its bundle."""
    shutil.copy(empty_file, folder / "own.db")
    with Archive(str(folder / "own.db")) as archive:
        articles = archive.library().articles
        number = articles.save(article, a_page(article.url, page.encode()), now=NOW).article_id
        (folder / "b.zip").write_bytes(proof_bundle(archive.library(), number))
    return folder / "b.zip"


def test_a_text_that_was_read_by_the_profile_of_its_site_is_no_fault(
    run: Run, empty_file: Path, tmp_path: Path
) -> None:
    learnt = replace(an_article("https://news.example/1"), provenance={"html": "learnt"})
    said = output(run("verify", str(bundle_of(learnt, OTHER_WORDS, empty_file, tmp_path))))
    assert "what was learnt about its site" in said and "every byte was checked" in said


OTHER_WORDS = f"<html><body><article><h1>T</h1>{'<p>Quite other words stand here.</p>' * 9}"


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (OTHER_WORDS, b"other words"),
        ("", b"no article"),
    ],
)
def test_a_text_that_does_not_follow_from_its_page_is_told(
    run: Run, empty_file: Path, tmp_path: Path, page: str, words: bytes
) -> None:
    done = run("verify", str(bundle_of(an_article("https://news.example/1"), page, empty_file, tmp_path)))
    assert done.returncode == 6
    assert words in done.stdout and b"every byte was checked" in done.stdout
