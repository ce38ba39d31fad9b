"""Site rules on the command line: lint, show, test."""

from pathlib import Path

import pytest

from tests.cli.tools import Run

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
