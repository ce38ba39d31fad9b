"""Rules on one article in memory: what they match, as search does, in bounded time."""

import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.archive.full_article import FULL
from tests.archive.sample_feeds import NOW, URL, an_article, an_entry, save
from unabridged.archive import Archive, Query
from unabridged.archive.rules.matching import MAX_TEXT, Subject, matches
from unabridged.archive.rules.rules import check_query
from unabridged.archive.rules.subjects import names_in, parsed, subjects
from unabridged.archive.search import query_language
from unabridged.errors import BadQuery, UnabridgedError
from unabridged.model import Article


def holds(query: str, feeds: tuple[int, ...] = (3,), **facts: object) -> bool:
    article = replace(Article(url="https://news.example/1"), **facts)  # type: ignore[arg-type]
    tree = query_language.parse(check_query(query, NOW), now=NOW, rule=True)
    return matches(tree, Subject(article, at=NOW, feeds=feeds, tags=("Mine",)), {"3": frozenset({3})})


@pytest.mark.parametrize(
    ("query", "title", "expected"),
    [
        ("title:cup", "The World Cup begins", True),
        ("title:cup", "Cupboards are back", False),
        ("title:cup*", "Cupboards are back", True),
        ('title:"world cup"', "WORLD\u00a0 CUP", True),
        ('title:"world cup"', "A cup of the world", False),
        ("世界杯", "关于世界杯的报道", True),
        ("世界盃 OR 世界杯", "關於世界盃", True),
        ("ワールド", "ワールドカップ開幕", True),
        ("大選 -title:sponsored", "台灣大選結果", True),
        ("大選 -title:sponsored", "Sponsored: 大選", False),
        ("café", "cafe\u0301 society", True),
        (r"title:/c\+\+/", "Learn C++ today", True),
        (r"title:/^(live|update):/", "Live: the storm", True),
        (r"title:/a\/b/", "either a/b", True),
        ("feed:3", "x", True),
        ("tag:mine", "x", True),
        ("after:2024-01 before:2024-03", "x", True),
        ("before:2024-01", "x", False),
        ("site:news.example -lang:zh", "x", True),
    ],
)
def test_a_query_matches_as_search_does(query: str, title: str, expected: bool) -> None:
    assert holds(query, title=title) is expected


def test_every_field_of_a_regular_expression_has_its_own_text() -> None:
    assert holds("author:/ada quill/", authors=("Ada Quill",))
    assert holds("author:/reuters/", credit=("Reuters",))
    assert holds("tag:/^sport$/", section="Sport")
    assert holds("text:/tide turns?/", text="watching the tide turn")
    assert holds("url:/\\/1$/")
    assert not holds("title:/sport/", section="Sport")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){12}$", "([a-z]+)*!"])
def test_no_expression_holds_up_the_program(pattern: str) -> None:
    assert not holds(f"text:/{pattern}/", text="a" * (MAX_TEXT - 2) + "-?")


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "(?=a)", "x{1000}{1000}", "(?:a?b?c?d?e?f?){900}z"])
def test_an_expression_that_cannot_be_used_is_refused_with_the_reason(pattern: str) -> None:
    with pytest.raises(BadQuery, match="no regular expression that can be used here"):
        check_query(f"title:/{pattern}/", NOW)


@pytest.mark.parametrize(
    ("query", "said", "place"),
    [
        ("title:/.*/", "matches every text", 6),
        ("whale is:unread", "have no is:", 6),
        ("whale url:sport", "url: needs a regular expression", 6),
        ("text:whale", "leave text: out", 0),
        ('whale "ship', "not closed", 6),
        ("whale )", 'a "\\)" without', 6),
        ("whale tilte:x", "Did you mean title:x", 6),
        ("   ", "no words", None),
        (" OR ".join(f"title:/{n}x/" for n in range(6)), "at most 5 regular", None),
    ],
)
def test_a_query_that_cannot_be_used_is_refused_with_the_place(
    query: str, said: str, place: int | None
) -> None:
    with pytest.raises(BadQuery, match=said) as refused:
        check_query(query, NOW)
    assert refused.value.place == place


LENGTHENED = "ﷺ" * 400_000 + "صلى الله " * 30_000


@pytest.mark.parametrize(
    "pattern", ["(?:a?b?c?d?e?f?){160}z", "(ص?ل?ى? ?ا?ل?ل?ه?){150}x", r"(\w+\s*){30}x", ".*.*.*="]
)
def test_a_rule_takes_bounded_time_on_a_text_that_folding_lengthens(pattern: str) -> None:
    begun = time.process_time()
    assert not holds(f"text:/{pattern}/", text=LENGTHENED)
    assert time.process_time() - begun < 15


def test_a_text_is_folded_once_for_all_rules() -> None:
    begun = time.process_time()
    subject = Subject(replace(FULL, text=LENGTHENED), at=NOW)
    for number in range(40):
        tree = query_language.parse(f"word{number} OR text:/word{number}/", now=NOW, rule=True)
        assert not matches(tree, subject, {})
    assert time.process_time() - begun < 15


@settings(max_examples=200, deadline=None, derandomize=True)
@given(query=st.text(max_size=40) | st.from_regex(r"(title|url|text):/[ -~]{1,20}/", fullmatch=True))
def test_any_query_is_a_rule_or_refused_in_words(query: str) -> None:
    try:
        check_query(query, NOW)
    except UnabridgedError as exc:
        assert str(exc).endswith((".", ")", "?"))


TEXTS = (
    "The white whale swam by the ship.\n\nA second paragraph of whales.",
    "台灣大選結果公布，圖書館開放。",
    "关于世界杯的报道：图书馆",
    "ワールドカップ開幕。東京の図書館",
    "한국의 대통령 선거",
    "Café society, cafe\u0301 noir; c++ and co-op",
    "ship",
    "",
)
ATOMS = (
    *"whale white ship cafe caf* second whal* 圖書館 圖書 館 世界 大選 開幕 ワールド".split(),
    *"선거 paragraph. co-op".split(),
    *('"white whale"', '"whale white"', '"大選結果"', 'title:"story 1"', 'author:"Ada Quill"'),
    *"title:story title:大 author:ada author:李 tag:sea tag:mine site:news.example lang:zh lang:en".split(),
    *"feed:1 feed:2 feed:news after:2024-01-31 before:2024-01-31 before:1d".split(),
)


@pytest.fixture
def shelf(archive: Archive) -> Archive:
    """Articles of two feeds, in several languages, some with tags."""
    mine = archive.library()
    numbers: list[int] = []
    for place, url in enumerate((URL, "https://other.example/feed")):
        feed = mine.subscriptions.add(url, now=NOW).feed
        for number, text in enumerate(TEXTS):
            key = 10 * place + number
            entry, _ = an_entry(key)
            article = an_article(
                f"https://{'www.' * place}news.example/{key}",
                f"Story {number}" if number % 2 else f"大 {number}",
                text,
                authors=("Ada Quill", "李四")[: number % 3],
                tags=("sea", "Ports")[: number % 2],
                language=(None, "zh-Hant", "en")[number % 3],
                published=datetime(2024, 1, 30, tzinfo=UTC) + timedelta(hours=7 * number),
            )
            numbers += save(archive, feed.id, (replace(entry, url=article.url), article)).new
    mine.tags.add(numbers[::3], ["mine"], now=NOW)
    return archive


queries = st.recursive(
    st.sampled_from(ATOMS),
    lambda inner: (
        st.tuples(inner, inner).map(" ".join)
        | st.tuples(inner, inner).map(lambda two: f"({two[0]} OR {two[1]})")
        | inner.map(lambda one: f"-({one})")
    ),
    max_leaves=5,
)


@settings(
    max_examples=150,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(query=queries)
def test_one_article_in_memory_matches_what_search_finds(shelf: Archive, query: str) -> None:
    found = set(shelf.library().search.ids(query, now=NOW).article_ids)
    every = [line.id for line in shelf.library().articles.headlines(Query()).headlines]
    tree = parsed(query, NOW, rule=True)
    with shelf._db.reading() as conn:
        named = names_in(conn, 1, tree)
        held = {number for number, one in subjects(conn, 1, every) if matches(tree, one, named)}
    assert held == found, query
    assert len(every) == 2 * len(TEXTS)
