"""Tabs of an article's texts, and the result of reading its page again."""

from dataclasses import replace

from tests.serve.running_app import NOW
from unabridged.archive.records.core import Observation, RevisionLine
from unabridged.serve.views.evidence import reading_result, text_tabs

FEED = RevisionLine(
    number=0, source="feed", saved=NOW, content_hash="", snapshot=None, title="", words=9, reason=""
)
PAGE = replace(FEED, number=1, source="page")
EDIT = replace(PAGE, number=2, edit=True)
CHECK = Observation(at=NOW, kind="same", reason="", url="https://news.example/")


def test_the_feeds_own_text_stands_beside_the_whole_one() -> None:
    tabs = text_tabs(7, 2, (FEED, PAGE, EDIT))
    assert [(tab.href, tab.current) for tab in tabs] == [("/a/7", True), ("/a/7/v/0", False)]
    assert [tab.current for tab in text_tabs(7, 0, (FEED, PAGE))] == [False, True]
    assert text_tabs(7, 0, (FEED,)) == text_tabs(7, 1, (PAGE, EDIT)) == ()


def test_the_result_of_reading_again_is_said() -> None:
    lines = (FEED, PAGE, EDIT)
    assert reading_result(7, 1, [CHECK], lines).waiting
    assert "nothing has changed" in reading_result(7, 1, [CHECK, CHECK], lines).text
    changed = reading_result(7, 1, [CHECK, replace(CHECK, kind="changed", reason="3 words")], lines)
    assert changed.href == "/a/7/diff/1..2" and "(3 words)" in changed.text and changed.good
    failed = reading_result(7, 1, [CHECK, replace(CHECK, kind="failed", reason="404")], lines)
    assert not failed.good and "(404)" in failed.text
