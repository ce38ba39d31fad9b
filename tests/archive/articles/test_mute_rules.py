"""Mute rules: what they match, and what they do to articles."""

from dataclasses import replace

import pytest

from tests.archive.sample_feeds import (
    LONG,
    NOW,
    URL,
    a_page,
    an_article,
    an_entry,
    filled,
    save,
    titles,
)
from unabridged.archive import Archive, Query
from unabridged.archive.articles.mute_rules import MAX_TEXT, Subject, check_rule, mute_reason
from unabridged.archive.records.library import MuteRule
from unabridged.errors import ArchiveError, NotFound
from unabridged.model import Article

# Mute rules


def rule(field: str, pattern: str, kind: str = "words", feed: int | None = None) -> MuteRule:
    return MuteRule(
        id=1,
        field=field,  # type: ignore[arg-type]
        kind=kind,  # type: ignore[arg-type]
        pattern=check_rule(field, kind, pattern),
        feed_id=feed,
        created=NOW,
    )


def mutes(one: MuteRule, **facts: object) -> bool:
    article = replace(Article(url="https://news.example/1"), **facts)  # type: ignore[arg-type]
    return mute_reason([one], Subject(article=article, feeds=frozenset({3}))) is not None


@pytest.mark.parametrize(
    ("pattern", "title", "expected"),
    [
        ("cup", "The World Cup begins", True),
        ("cup", "Cupboards are back", False),
        ("world cup", "WORLD\u00a0 CUP", True),
        ("straße", "In der STRASSE", False),
        ("c++", "Learn C++ today", True),
        ("世界杯", "关于世界杯的报道", True),
        ("ワールド", "ワールドカップ開幕", True),
        ("(sponsored", "A trip (sponsored)", True),
        ("café", "cafe\u0301 society", True),
    ],
)
def test_words_are_whole_where_a_script_parts_them(pattern: str, title: str, expected: bool) -> None:
    assert mutes(rule("title", pattern), title=title) is expected


def test_every_field_has_its_own_text() -> None:
    assert mutes(rule("author", "ada quill"), authors=("Ada Quill",))
    assert mutes(rule("author", "reuters"), credit=("Reuters",))
    assert mutes(rule("tag", "sport"), section="Sport")
    assert mutes(rule("text", "tide turn"), text="watching the tide turn")
    assert mutes(rule("url", "/1$", "regex"))
    assert mutes(rule("title", r"^(live|update):", "regex"), title="Live: the storm")
    assert not mutes(rule("title", "sport"), section="Sport")
    assert not mutes(rule("title", "storm", feed=4), title="Storm")
    assert mutes(rule("title", "storm", feed=3), title="Storm")


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|aa)+$", "(.*a){12}$", "([a-z]+)*!"])
def test_no_expression_holds_up_the_program(pattern: str) -> None:
    assert not mutes(rule("text", pattern, "regex"), text="a" * (MAX_TEXT - 2) + "-?")


@pytest.mark.parametrize("pattern", ["(", r"(a)\1", "(?=a)", "x{1000}{1000}"])
def test_an_expression_that_cannot_be_used_is_refused_with_the_reason(pattern: str) -> None:
    with pytest.raises(ArchiveError, match="no regular expression that can be used here"):
        check_rule("title", "regex", pattern)


@pytest.mark.parametrize(
    "given", [("title", "regex", ".*"), ("title", "words", " "), ("title", "x", "a"), ("x", "words", "a")]
)
def test_a_rule_that_mutes_everything_or_nothing_is_refused(given: tuple[str, str, str]) -> None:
    with pytest.raises(ArchiveError):
        check_rule(*given)


def test_a_muted_article_is_kept_delivered_as_read_and_shown_with_its_reason(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    archive.library().mutes.add("title", "story 2", now=NOW)
    save(archive, feed.id, an_entry(1), an_entry(2))
    by_title = {one.title: one for one in archive.library().articles.headlines(Query()).headlines}
    muted = by_title["Story 2"]
    assert (muted.read, muted.muted) == (True, "title has story 2")
    assert (by_title["Story 1"].read, by_title["Story 1"].muted) == (False, None)
    assert archive.library().counts().unread == 1
    assert titles(archive, muted=True) == {"Story 2"}


def test_a_rule_on_the_text_holds_when_the_page_is_read(archive: Archive) -> None:
    [number] = filled(archive, 1)
    archive.library().mutes.add("text", "who saw it", now=NOW)
    assert archive.library().articles.get(number).muted is None
    archive.ingest.save_page(
        number, an_article("https://news.example/1"), a_page("https://news.example/1"), now=NOW
    )
    stored = archive.library().articles.get(number)
    assert (stored.read, stored.muted) == (True, "text has who saw it")
    assert "who saw it" in LONG


def test_a_new_rule_holds_for_what_is_there_unread_and_leaves_what_was_read(archive: Archive) -> None:
    one, two, three = filled(archive, 1, 2, 3)
    archive.library().marks.set_read([one], True, now=NOW)
    made = archive.library().mutes.add("title", "story", now=NOW)
    assert archive.library().mutes.add("title", "story", now=NOW) == made
    assert [archive.library().articles.get(number).muted is not None for number in (one, two, three)] == [
        False,
        True,
        True,
    ]
    archive.library().marks.set_read([two], False, now=NOW)
    archive.library().mutes.remove(made.id)
    assert archive.library().mutes.all() == ()
    stored = archive.library().articles.get(two)
    assert (stored.read, stored.muted) == (False, "title has story")


def test_a_rule_for_one_feed_leaves_the_others_alone(archive: Archive) -> None:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    other = archive.library().subscriptions.add("https://other.example/feed", now=NOW).feed
    archive.library().mutes.add("title", "story", feed=other.id, now=NOW)
    save(archive, feed.id, an_entry(1))
    save(archive, other.id, an_entry(2))
    assert titles(archive, muted=True) == {"Story 2"}
    with pytest.raises(NotFound):
        archive.library().mutes.add("title", "story", feed=99, now=NOW)
