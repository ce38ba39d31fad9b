"""What a search finds and where it says it did, on both databases."""

from collections.abc import Callable

import pytest

from tests.archive.sample_feeds import NOW, URL, a_page, an_article, an_entry, save
from tests.archive.stored_rows import add_user
from unabridged.archive import Archive
from unabridged.archive.search import executor
from unabridged.errors import BadQuery


@pytest.fixture
def numbers(archive: Archive) -> tuple[int, ...]:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    stories = (
        "The white whale swam past. 機器學習很有趣",
        "A ship with iPhone手机 and Éclairs",
        "カタカナとﾊﾝｶｸ。한국어를 배웁니다. ภาษาไทย",
    )
    return save(archive, feed.id, *(an_entry(place + 1, text=text) for place, text in enumerate(stories))).new


FOUND = {
    "whale": {1},
    "WHALE": {1},
    "whales": set(),
    "whal*": {1},
    "學習": {1},
    "机器学习": {1},
    "机": {1, 2},
    "手 机": {2},
    "eclairs": {2},
    "iphone手": {2},
    '"white whale"': {1},
    '"whale white"': set(),
    "かたかな": {3},
    "ハンカク": {3},
    "국어": {3},
    "ไทย": {3},
    "whale OR ship": {1, 2},
    "-whale": {2, 3},
    "(whale OR ship) -iphone": {1},
    "title:story": {1, 2, 3},
    'title:"story 2"': {2},
    "author:melville": set(),
    "site:news.example whale": {1},
    "site:example": {1, 2, 3},
    "site:ample": set(),
    "feed:news ship": {2},
    "feed:99999": set(),
    "is:unread whale": {1},
    "is:read": set(),
    "is:starred OR ship": {2},
    "-is:starred ship": {2},
    "tag:sea OR ship": {2},
    "after:2024-01-31 before:2024-02-01": {1, 2, 3},
    "before:2024": set(),
    "after:3650d whale": {1},
}


@pytest.mark.parametrize("sort", ["newest", "best"])
def test_every_kind_of_search_finds_what_it_names(
    archive: Archive, numbers: tuple[int, ...], sort: str
) -> None:
    for words, expected in FOUND.items():
        found = archive.library().search.ids(words, now=NOW, sort=sort).article_ids  # type: ignore[arg-type]
        assert {numbers.index(number) + 1 for number in found} == expected, words


def test_pages_follow_one_another_without_loss(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    new = save(archive, feed.id, *(an_entry(number, text=f"whale {number}") for number in range(25))).new
    for sort in ("newest", "best"):
        found: list[int] = []
        place = None
        while True:
            page = archive.library().search.ids("whale", before=place, limit=10, sort=sort)
            found += page.article_ids
            place = page.next
            if place is None:
                break
        assert sorted(found) == sorted(new)
        assert sort == "best" or found == sorted(new, reverse=True)
    assert [one.id for one in archive.library().search.articles("whale 2").articles] == [new[2]]


def test_the_best_hit_has_the_word_in_its_title(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    new = save(
        archive,
        feed.id,
        an_entry(1, title="Of whales", text="Nothing else of it here, but words and more words."),
        an_entry(2, text="Somewhere in a long text stands the word whales, among many other words."),
        an_entry(3, text="Another text of no interest at all."),
    ).new
    assert archive.library().search.ids("whales", sort="best").article_ids == (new[0], new[1])
    assert archive.library().search.ids("whales").article_ids == (new[1], new[0])


FREQUENT = " ".join(f"the wave {place} of" for place in range(300))
"""More of two words than PostgreSQL keeps places of."""


@pytest.mark.parametrize(
    ("words", "hits"),
    {
        '"of the lighthouse"': {1},
        '"the lighthouse of"': set(),
        '"lighthouse keeper"': {1, 2},
        '"keeper lighthouse"': {3},
        '-"of the lighthouse"': {2, 3},
        '-"lighthouse keeper"': {3},
        '"the light*"': {1},
    }.items(),
)
def test_the_order_of_words_is_known_beyond_what_the_index_keeps(
    archive: Archive, words: str, hits: set[int]
) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    texts = (f"{FREQUENT} the lighthouse keeper", f"{FREQUENT} a lighthouse keeper", "keeper lighthouse")
    numbers = save(archive, feed.id, *(an_entry(n, text=text) for n, text in enumerate(texts, 1))).new
    assert {one.headline.id for one in archive.library().search.hits(words, now=NOW).hits} == {
        numbers[n - 1] for n in hits
    }


def test_a_row_with_frequent_words_is_not_doubted_for_others(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    save(archive, feed.id, an_entry(1, text=f"{FREQUENT} a lighthouse keeper"))
    read: list[int] = []

    def note(conn: object, numbers: list[int]) -> list[object]:
        read.extend(numbers)
        return []

    monkeypatch.setattr(executor, "stored_documents", note)
    assert len(archive.library().search.hits('"lighthouse keeper"', now=NOW).hits) == 1
    assert archive.library().search.hits('"keeper lighthouse"', now=NOW).hits == ()
    assert read == []


def test_words_that_were_removed_are_found_in_the_history_alone(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    [number] = save(archive, feed.id, an_entry(1)).new
    url = "https://news.example/1"
    lines = [f"Line {place} of a long report says the same thing every day." for place in range(9)]
    archive.ingest.save_page(
        number, an_article(url, text="\n".join([*lines, "The minister lied."])), a_page(url), now=NOW
    )
    assert archive.library().search.ids("minister").article_ids == (number,)
    assert archive.library().search.ids("minister", history=True).article_ids == ()
    archive.ingest.save_page(
        number, an_article(url, text="\n".join([*lines, "He erred."])), a_page(url, b"2"), now=NOW
    )
    assert archive.library().search.ids("minister").article_ids == ()
    assert archive.library().search.ids("minister day", history=True).article_ids == (number,)
    [hit] = archive.library().search.hits("minister", history=True).hits
    assert hit.version == 1
    assert "minister" in [piece.text for piece in hit.snippet if piece.hit]
    assert archive.library().search.ids("is:changed erred").article_ids == (number,)


def test_a_user_finds_only_what_was_delivered_to_them(archive: Archive, numbers: tuple[int, ...]) -> None:
    other = add_user(archive, "ada")
    assert archive.library(other).search.ids("whale").article_ids == ()
    assert archive.library(other).search.ids("-nothing").article_ids == ()
    archive.library(other).subscriptions.add("https://other.example/feed", now=NOW)
    theirs = archive.library(other).subscriptions.add("https://other.example/feed", now=NOW).feed
    [own] = save(archive, theirs.id, an_entry(9, url="https://other.example/9", text="a whale of theirs")).new
    for words in ("whale", "whale OR ship", "-nothing", "is:unread", "is:starred OR whale"):
        assert archive.library(other).search.ids(words).article_ids == (own,), words
        assert archive.library(other).search.ids(words, sort="best").article_ids == (own,), words
        assert own not in archive.library().search.ids(words).article_ids, words


@pytest.mark.parametrize(
    "words",
    ["", "!!!", '"open', "(a", "a)", "OR", "a OR", "NOT", "titel:x", "is:new", "before:2024-13", "x" * 2000],
)
def test_a_malformed_search_says_what_to_type(archive: Archive, words: str) -> None:
    with pytest.raises(BadQuery, match=r"[.?]"):
        archive.library().search.hits(words)


def test_whatever_is_typed_is_searched_or_refused_in_words(
    archive: Archive, numbers: tuple[int, ...]
) -> None:
    for words in (
        "'; DROP TABLE items; --",
        'a "b" c\\',
        "*",
        "a*b",
        "NEAR(a b)",
        "a^2",
        "{text} : a",
        "\x00",
        "\ud800 a",
    ):
        try:
            archive.library().search.hits(words)
        except BadQuery as problem:
            assert str(problem)


def test_an_index_in_the_making_finds_what_is_in_it_and_says_what_waits(
    archive: Archive, numbers: tuple[int, ...]
) -> None:
    archive.search_index.clear()
    found = archive.library().search.hits("whale OR ship")
    assert (found.hits, found.waiting) == ((), 3)
    assert archive.search_index.index_some(2)
    assert archive.library().search.hits("whale OR ship").waiting == 1
    archive.search_index.index_all()
    assert archive.library().search.ids("whale OR ship").article_ids == (numbers[1], numbers[0])
    assert archive.search_index.state().waiting == 0


def test_words_are_marked_in_the_original_text(open_archive: Callable[[], Archive]) -> None:
    archive = open_archive()
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    texts = ["Früher gab es Cafe\u0301s. Ende", "在臺灣的圖書館裡", "ﾊﾞｽが来る"]
    save(archive, feed.id, *(an_entry(place, text=text) for place, text in enumerate(texts)))
    for words, expected in (("cafés", "Cafe\u0301s"), ("图书馆", "圖書館"), ("バス", "ﾊﾞｽ")):
        [hit] = archive.library().search.hits(words).hits
        assert [piece.text for piece in hit.snippet if piece.hit] == [expected]
