"""Tags, tokens and mute rules: what they do for one person."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.archive.sample_feeds import HOUR, LONG, NOW, URL, a_page, an_article, an_entry, save
from unabridged.archive import Archive, Query
from unabridged.archive.articles.mute_rules import MAX_TEXT, Subject, check_rule, mute_reason
from unabridged.archive.library.api_tokens import fever_key
from unabridged.archive.records.library import MuteRule
from unabridged.errors import ArchiveError, NotFound
from unabridged.model import Article


def filled(archive: Archive, *numbers: int) -> list[int]:
    feed = archive.library().subscriptions.add(URL, now=NOW).feed
    return list(save(archive, feed.id, *(an_entry(n) for n in numbers)).new)


def titles(archive: Archive, **query: object) -> set[str]:
    return {one.title for one in archive.library().articles.headlines(Query(**query)).headlines}  # type: ignore[arg-type]


# Tags


def test_tags_are_put_on_found_again_and_taken_off(archive: Archive) -> None:
    one, two, three = filled(archive, 1, 2, 3)
    assert archive.library().tags.add([one, two, 999], ["later", "  read \n twice "], now=NOW) == 2
    archive.library().tags.add([three], ["later"], now=NOW)
    archive.library().marks.set_read([two], True, now=NOW)
    found = [(tag.name, tag.articles, tag.unread) for tag in archive.library().tags.all()]
    assert found == [("later", 3, 2), ("read twice", 2, 1)]
    assert archive.library().tags.by_article([one, two, three])[three] == ("later",)
    later = archive.library().tags.all()[0]
    assert titles(archive, tag=later.id, unread=True) == {"Story 1", "Story 3"}
    archive.library().tags.remove([one, two], ["read twice", "never there"], now=NOW)
    assert [tag.name for tag in archive.library().tags.all()] == ["later"]


def test_a_tag_renamed_onto_another_becomes_one_with_it(archive: Archive) -> None:
    one, two = filled(archive, 1, 2)
    archive.library().tags.add([one], ["a"], now=NOW)
    archive.library().tags.add([one, two], ["b"], now=NOW)
    a, b = archive.library().tags.all()
    archive.library().tags.rename(a.id, "c")
    assert [tag.name for tag in archive.library().tags.all()] == ["b", "c"]
    archive.library().tags.rename(b.id, "c")
    assert [(tag.name, tag.articles) for tag in archive.library().tags.all()] == [("c", 2)]
    archive.library().tags.delete(archive.library().tags.all()[0].id)
    assert archive.library().tags.all() == ()


@pytest.mark.parametrize("name", ["", "   ", "x" * 101, "a\x07b"])
def test_what_is_no_name_for_a_tag_is_refused(archive: Archive, name: str) -> None:
    [one] = filled(archive, 1)
    with pytest.raises(ArchiveError, match="no name for a tag"):
        archive.library().tags.add([one], [name], now=NOW)


# Tokens


def test_a_tokens_secret_is_nowhere_in_the_archive(archive: Archive, dsn: str) -> None:
    made = archive.library().tokens.add("phone", "read", now=NOW)
    assert len(made.secret) > 40
    [token] = archive.library().tokens.all()
    assert (token.user, token.scope, token.name, token.last_used) == (1, "read", "phone", None)
    if dsn.startswith("sqlite"):
        path = Path(dsn.removeprefix("sqlite:///"))
        data = b"".join(one.read_bytes() for one in path.parent.glob(path.name + "*"))
        assert made.secret.encode() not in data
        assert fever_key("owner", made.secret).encode() not in data


def test_a_removed_token_is_gone(archive: Archive) -> None:
    made, other = (archive.library().tokens.add(name, now=NOW) for name in ("phone", "desk"))
    archive.library().tokens.remove(made.token.id)
    assert archive.library().tokens.all() == (other.token,)


def test_a_token_needs_a_name_and_a_scope_there_is(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match="needs a name"):
        archive.library().tokens.add(" ", now=NOW)
    with pytest.raises(ArchiveError, match="no scope"):
        archive.library().tokens.add("phone", "everything", now=NOW)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        archive.library(7).tokens.add("phone", now=NOW)


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


def test_when_an_article_came_and_was_last_marked_is_known(archive: Archive) -> None:
    [number] = filled(archive, 1)
    before = archive.library().articles.get(number)
    assert (before.delivered, before.changed) == (NOW, None)
    archive.library().tags.add([number], ["later"], now=NOW + HOUR)
    assert archive.library().articles.get(number).changed == NOW + HOUR
    archive.library().marks.set_starred([number], True, now=NOW + 2 * HOUR)
    assert archive.library().articles.get(number).changed == NOW + 2 * HOUR
