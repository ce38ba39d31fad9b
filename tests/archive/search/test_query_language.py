"""Whatever is typed as a search or a rule is answered, or refused in words; nothing else is raised."""

from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.archive.full_article import FULL
from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.query_tree import Condition
from unabridged.archive.search import query_language
from unabridged.errors import BadQuery
from unabridged.model import Page

NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)


ODD = (
    "before:9999",
    "after:9999",
    "after:9000",
    "before:9000-12-31",
    "after:0001",
    "before:0001-01-01",
    "after:0000",
    "after:99999",
    "after:999999d",
    "before:999999999y",
    "after:1000y",
    f"after:{'9' * 900}d",
    "after:2024-13",
    "after:2024-02-31",
    "after:２０２４",
    "-after:9999 OR is:unread",
    "after:9999 before:0001",
    "feed:99999999999999999999",
    "feed:999999999",
    f"feed:{'9' * 900}",
    "tag:\x00",
    "feed:\x00x",
    "whale\x00ship",
    "\x00",
    "\ud800",
    "title:\udcff",
    'feed:"\udcff"',
    "whale\x1b[2J",
    "whale\x9b2J\u202e",
    ")",
    "(",
    "[",
    "]",
    "((whale)",
    "whale)",
    '"',
    '"whale',
    "(" * 500,
    "(" * 19 + "whale" + ")" * 19,
    "NOT " * 250,
    "-" * 900,
    "-whale " * 60,
    "NOT NOT NOT whale",
    "OR",
    "OR OR",
    "whale OR",
    "whale " * 160,
    "a " * 60,
    "a" * 1000,
    "a" * 1001,
    "a" * 1_000_000,
    "圖" * 1000,
    '"' + "圖書館" * 330 + '"',
    '"' + "a " * 490 + '"',
    "ﷺ" * 1000,
    "whale*" * 100,
    "*",
    "title:*",
    "title:",
    "site:" + "." * 900,
    "site:" + "a." * 400,
    "lang:" + "-" * 900,
    "is:" + "x" * 900,
    "' OR 1=1 --",
    "{text} : x NEAR(a b)",
    "a:*b & !c | <-> 'd'",
    "\\'\\",
    "%_%",
    "\u0301" * 900,
    "👩‍🚀",
)


@pytest.fixture
def small(archive: Archive) -> Archive:
    page = Page(url=FULL.url, final_url=FULL.url, status=200, headers={}, body=b"<p>x", fetched=NOW)
    archive.library().articles.save(FULL, page, now=NOW)
    archive.search_index.index_all()
    return archive


def ask(archive: Archive, words: str) -> None:
    for one in (
        lambda: archive.library().search.hits(words, now=NOW),
        lambda: archive.library().search.hits(words, now=NOW, sort="best"),
        lambda: archive.library().search.hits(words, now=NOW, history=True),
        lambda: archive.library().search.articles(words, now=NOW),
    ):
        try:
            one()
        except BadQuery as exc:
            assert str(exc).endswith((".", "?", ")")), exc
            assert len(str(exc)) < 3000


def test_odd_searches_are_answered_or_refused_in_words(small: Archive) -> None:
    for words in ODD:
        ask(small, words)


def test_days_beyond_all_articles_mean_what_they_say(small: Archive) -> None:
    def found(words: str) -> int:
        return len(small.library().search.hits(words, now=NOW).hits)

    assert found("before:9999") == found("after:0001") == found("before:9999-12-31") == 1
    assert found("after:9999") == found("before:0001") == found("after:2201") == 0


MARKS = tuple('"()[-|*:“」 \x00')


WORDS = (
    "OR",
    "AND",
    "NOT",
    "after:",
    "before:",
    "title:",
    "tag:",
    "site:",
    "feed:",
    "lang:",
    "is:",
    "unread",
)


VALUES = ("9999", "0001", "7d", "999999999y", "whale")


PIECES = st.one_of(st.sampled_from(MARKS + WORDS + VALUES), st.text(max_size=8))


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(words=st.lists(PIECES, max_size=40).map("".join))
def test_generated_searches_are_answered_or_refused_in_words(small: Archive, words: str) -> None:
    ask(small, words)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(words=st.one_of(st.text(max_size=300), st.lists(PIECES, max_size=120).map(" ".join)))
def test_reading_a_search_raises_nothing_but_its_own_error(words: str) -> None:
    try:
        tree = query_language.parse(words, now=NOW)
    except BadQuery:
        return
    times = [leaf.at for leaf in query_language.leaves(tree) if isinstance(leaf, Condition)]
    assert all(at is None or at <= query_language.LATEST for at in times)
