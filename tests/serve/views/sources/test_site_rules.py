"""Mistakes in rules, their effect on articles, and past re-extractions, in words."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.serve.running_app import NOW, make_article
from unabridged.archive.records.library import Replay
from unabridged.serve.diff_child import VersionDiff
from unabridged.serve.views.lists import Moment
from unabridged.serve.views.sources.site_rules import (
    TriedPage,
    mistakes_of,
    preview_view,
    rule_name,
    run_lines,
    sites_of,
)
from unabridged.text.diff import compare

BEFORE = make_article(1)
MOMENT = Moment(now=NOW, zone=ZoneInfo("UTC"))


def test_lines_of_no_use_here_are_no_mistakes() -> None:
    assert mistakes_of("# a remark\ntidy: no\nparser: html5lib\nbody: //article\n\nprune: no") == ()


@pytest.mark.parametrize(
    ("rules", "line", "reason"),
    [
        ("body: //a\nbody: //div[", 2, "XPath 1.0"),
        ("body: //a[foo()]", 1, "unknown function"),
        ("\n\nwrap_in(script): //p", 3, "cannot be wrapped"),
        ("http_header(user-agent): x", 1, "user agent is fixed"),
        ("prune: maybe", 1, "neither yes nor no"),
    ],
)
def test_a_mistake_has_its_line_and_reason(rules: str, line: int, reason: str) -> None:
    [found] = mistakes_of(rules)
    assert found.line == line and reason in found.reason


def test_the_sites_of_articles_are_those_of_their_addresses_the_most_frequent_first() -> None:
    urls = ["https://www.a.example/1", "https://b.example/1", "http://a.example/2", "nonsense"]
    assert sites_of(urls, "https://feed.example/rss") == ("a.example", "b.example")
    assert sites_of([], "https://www.feed.example/rss") == ("feed.example",)
    assert rule_name("a.example") == "a.example.txt"


def test_a_preview_counts_what_changes_and_shows_fields_and_paragraphs_that_differ() -> None:
    after = replace(BEFORE, title="Another title", text=BEFORE.text.split("\n\n")[0])
    compared = VersionDiff(text=compare(BEFORE.text, after.text), title=compare(BEFORE.title, after.title))
    pages = (
        TriedPage(article_id=1, before=BEFORE, article=after, verdict="text", compared=compared),
        TriedPage(article_id=2, before=BEFORE, article=BEFORE, verdict="same"),
        TriedPage(article_id=3, before=BEFORE, article=after, verdict="worse", reason="no text"),
        TriedPage(article_id=4, before=BEFORE, problem="It took too long."),
    )
    view = preview_view(pages)
    assert view.summary == ("1 article changes, 1 stays the same, 1 would get worse, 1 cannot be read.")
    changed, same, worse, failed = view.lines
    assert [line.kind for line in view.lines] == ["better", "same", "worse", "failed"]
    assert changed.fields == (("Title", "Story number 1", "Another title"),)
    assert changed.words == "14 words now, 6 with these rules"
    assert any(getattr(part, "kind", "") == "removed" for part in changed.parts)
    assert (same.fields, same.parts, same.verdict) == ((), (), "")
    assert (worse.verdict, failed.verdict, failed.words) == ("no text", "It took too long.", "")


def test_without_a_stored_page_there_is_nothing_to_preview() -> None:
    assert preview_view(()).summary == "No page of this site is stored yet."


def test_a_run_can_be_taken_back_once_if_it_changed_something() -> None:
    began = NOW - timedelta(hours=2)
    whole = Replay(id=4, started=began, finished=began, undone=None, asked="--feed 1", articles=3)
    undone = replace(whole, id=3, undone=NOW)
    broken = replace(whole, id=2, finished=None, articles=1)
    nothing = replace(whole, id=1, articles=0)
    lines = run_lines([whole, undone, broken, nothing], MOMENT)
    assert [(line.number, line.may_undo) for line in lines] == [(4, True), (3, False), (2, True), (1, False)]
    assert lines[0].what == "2 hours ago: 3 articles got a new version."
    assert lines[1].what.endswith("; taken back.") and lines[2].what.endswith("; it was interrupted.")
    assert len(run_lines([whole] * 9, MOMENT)) == 5


def test_of_a_very_long_comparison_the_beginning_is_shown() -> None:
    paragraphs = "\n\n".join(f"Paragraph {one} of a very long page." for one in range(300))
    after = replace(BEFORE, text=paragraphs)
    compared = VersionDiff(text=compare("", paragraphs), title=compare("", ""))
    page = TriedPage(
        article_id=1, before=replace(BEFORE, text=""), article=after, verdict="text", compared=compared
    )
    [line] = preview_view([page]).lines
    assert (len(line.parts), line.more) == (40, 260)
