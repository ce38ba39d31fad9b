"""`read`: pages in every format, from addresses and from stdin, explained."""

import pytest

from tests.cli.commands.newspaper import output, story
from tests.cli.tools import Run, Site


@pytest.mark.parametrize(
    ("format", "opening"),
    [
        ("markdown", "# The ferry, part 1\n\nParagraph 1"),
        ("text", "Paragraph 1 of story 1"),
        ("html", "<p>Paragraph 1 of story 1"),
        ("json", "{"),
        ("document", "<!--"),
    ],
)
def test_a_page_is_read_in_every_format(run: Run, paper: Site, format: str, opening: str) -> None:
    text = output(run("read", f"{paper.origin}/story/1", "--format", format))
    assert text.startswith(opening)
    assert "Paragraph 5 of story 1" in text
    assert "Privacy" not in text


def test_a_page_from_stdin_resolves_its_links_against_the_given_address(started: Run) -> None:
    page = story(
        1, '<p>More <a href="/part/2">in the second part</a> of this long story about ferries.</p>'
    ).body
    text = output(started("read", "-", "--url", "https://paper.example/x", "--format", "html", stdin=page))
    assert 'href="https://paper.example/part/2"' in text


def test_explain_names_kept_and_dropped_blocks(run: Run, paper: Site) -> None:
    text = output(run("read", f"{paper.origin}/story/1", "--explain"))
    assert text.startswith("title") and "(from: " in text and "complete    full" in text
    assert any(line.startswith("kept") and "Paragraph 3" in line for line in text.splitlines())
    assert any(line.startswith("dropped") and "Privacy" in line for line in text.splitlines())
