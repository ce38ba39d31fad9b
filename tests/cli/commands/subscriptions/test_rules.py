"""Site rules on the command line: lint, show, test."""

from pathlib import Path

import pytest

from tests.cli.tools import Done, Run
from tests.extraction.sites.site_pages import PROMOTION, store_pages
from unabridged.archive.facade.archive import Archive
from unabridged.bulk.sites.profiles import read_profiles

PAGE = """<html><head><title>Nets - The Small Paper</title></head><body><div class="top">Tides</div>
<div id="story"><p>The nets were mended by noon, as the harbour clock struck twelve.</p>
<p class="promo">Subscribe to our newsletter for more stories like this one.</p>
<p>By evening they were torn again, and nobody was surprised in the least.</p></div></body></html>"""

RULES = """# The Small Paper
body: //div[@id='story']
strip_id_or_class: promo

bodyy: //div
test_url: https://paper.example/nets
test_contains: mended by noon
test_contains: torn again
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "paper.example.txt").write_text(RULES)
    (tmp_path / "nets.html").write_text(PAGE)
    return tmp_path


def test_lint_names_file_line_and_reason_of_what_has_no_effect(run: Run, folder: Path) -> None:
    done = run("rules", "lint", str(folder / "rules"))
    assert done.returncode == 1
    assert "paper.example.txt:5: unknown directive 'bodyy'" in done.stdout.decode()


def test_lint_is_content_with_a_file_of_known_lines(run: Run, folder: Path) -> None:
    path = folder / "rules" / "paper.example.txt"
    path.write_text(RULES.replace("bodyy: //div\n", ""))
    done = run("rules", "lint", str(path))
    assert (done.returncode, done.stdout) == (0, b"")


def test_show_prints_the_rules_of_a_site(run: Run, folder: Path) -> None:
    done = run("rules", "show", "https://www.paper.example/x", "--rules", str(folder / "rules"))
    assert "//div[@id='story']" in done.stdout.decode()


def test_show_names_the_files_that_it_looked_for(run: Run, folder: Path) -> None:
    done = run("rules", "show", "other.example", "--rules", str(folder / "rules"))
    assert done.returncode == 2
    assert b"other.example.txt" in done.stderr


def test_a_rule_is_tested_on_a_saved_page(run: Run, folder: Path) -> None:
    words = [
        "rules",
        "test",
        str(folder / "rules" / "paper.example.txt"),
        "--page",
        str(folder / "nets.html"),
    ]
    assert run(*words).returncode == 0
    (folder / "nets.html").write_text(PAGE.replace("torn again", "whole still"))
    done = run(*words)
    assert done.returncode == 1
    assert b"missing: torn again" in done.stdout


SITE = "post.example"


@pytest.fixture
def learnt_site(environ: dict[str, str], tmp_path: Path) -> Path:
    """An archive with six stored pages of a site."""
    path = tmp_path / "sites.sqlite"
    with Archive(str(path)) as archive:
        store_pages(archive, range(6))
    return path


def test_a_site_is_learnt_shown_tested_pinned_and_forgotten(run: Run, learnt_site: Path) -> None:
    def rules(*words: str) -> Done:
        return run("-d", str(learnt_site), "rules", *words)

    done = rules("learn", f"https://{SITE}/7")
    assert done.returncode == 0, done.stderr
    assert b"div.story-text" in done.stdout
    shown = rules("show", SITE).stdout
    assert b"agrees by" in shown and b"lead_image" in shown and b"next page" in shown
    assert SITE.encode() in rules("list").stdout
    tested = rules("test", SITE)
    assert (tested.returncode, tested.stdout.count(b"by profile")) == (0, 6)
    assert rules("pin", SITE).returncode == 0
    refused = rules("learn", SITE)
    assert refused.returncode == 2 and b"is pinned" in refused.stderr
    assert rules("pin", SITE, "--off").returncode == 0
    assert rules("forget", SITE).returncode == 0
    assert b"`unabridged rules learn post.example` learns it" in rules("show", SITE).stderr
    assert b"Nothing is known about none.example" in rules("show", "none.example").stderr
    assert rules("show", "").returncode == 2


def test_what_was_learnt_becomes_rules_of_ones_own(run: Run, learnt_site: Path, tmp_path: Path) -> None:
    run("-d", str(learnt_site), "rules", "learn", SITE)
    text = run("-d", str(learnt_site), "rules", "show", SITE, "--site-config").stdout
    assert b"body: //div[contains(" in text
    done = run("-d", str(learnt_site), "rules", "edit", SITE, "-", stdin=text)
    assert done.returncode == 0, done.stderr
    with Archive(str(learnt_site)) as archive:
        assert archive.feeds.site_rules()["post.example.txt"].encode() == text
    assert run("-d", str(learnt_site), "rules", "show", SITE, "--stored").stdout == text
    assert b"strip: //*[self::p or self::li" in text and PROMOTION.encode() in text
    bad = run("-d", str(learnt_site), "rules", "edit", SITE, "-", stdin=b"bodyy: //div\n")
    assert bad.returncode == 2 and b"unknown directive" in bad.stderr


def test_a_site_without_stored_pages_cannot_be_learnt(run: Run, learnt_site: Path) -> None:
    done = run("-d", str(learnt_site), "rules", "learn", "other.example")
    assert done.returncode == 9
    assert b"No page of other.example from a feed is stored" in done.stderr


def test_profiles_of_an_archive_are_exported_for_bulk(run: Run, learnt_site: Path, tmp_path: Path) -> None:
    nothing = run("-d", str(learnt_site), "rules", "export")
    assert (nothing.returncode, b"No site was learnt yet" in nothing.stderr) == (9, True)
    run("-d", str(learnt_site), "rules", "learn", SITE)
    done = run("-d", str(learnt_site), "rules", "export")
    assert (done.returncode, done.stdout.count(b"\n")) == (0, 1)
    path = tmp_path / "sites.jsonl"
    path.write_bytes(done.stdout)
    assert list(read_profiles(path).texts) == [SITE]
