"""View-models of rules and saved searches."""

import pytest

from tests.archive.sample_feeds import NOW
from unabridged.archive.records.rules import Rule, RuleDraft, RulePass, SavedSearch
from unabridged.serve.views.formatting import aside_reason
from unabridged.serve.views.rules import (
    Names,
    QueryProblem,
    progress_sentence,
    query_problem,
    rule_line,
    scope_value,
    search_path,
)


@pytest.mark.parametrize(
    ("query", "place", "parts"),
    [
        ("a tilte:x b", 8, ("a tilte:", "x", " b")),
        ("abc", 0, ("", "abc", "")),
        ("abc", None, ("", "", "")),
        ("abc", 3, ("", "", "")),
    ],
)
def test_an_error_has_the_word_at_its_place(query: str, place: int | None, parts: tuple[str, ...]) -> None:
    assert query_problem("No.", query, place) == QueryProblem(
        message="No.", before=parts[0], here=parts[1], after=parts[2]
    )


@pytest.mark.parametrize(
    ("muted", "words"),
    [
        ("mute: title:a: b", "set aside by the rule: mute title:a: b"),
        ("keep: a · b", "set aside by the rule: keep a · b"),
        ("title has story", "set aside: title has story"),
    ],
)
def test_a_reason_is_shown_in_words_also_one_of_an_earlier_version(muted: str, words: str) -> None:
    assert aside_reason(muted) == words


def test_a_rule_names_its_scope_with_a_link() -> None:
    names = Names(feeds={3: "The News"}, folders={7: "A/B"})
    whole = Rule(id=1, action="mute", query="x", created=NOW)
    feed = Rule(id=1, action="mute", query="x", feed_id=3, created=NOW)
    gone = Rule(id=1, action="mute", query="x", feed_id=4, created=NOW)
    folder = Rule(id=1, action="keep", query="x", folder_id=7, created=NOW)
    lines = [rule_line(one, names) for one in (whole, feed, gone, folder)]
    assert [(line.scope, line.href) for line in lines] == [
        ("", ""),
        ("The News", "/feeds/3"),
        ("one feed", "/feeds/4"),
        ("A/B", "/folders/A%2FB"),
    ]
    assert [scope_value(one) for one in (whole, feed, folder)] == ["", "feed:3", "folder:7"]
    assert scope_value(RuleDraft(action="mute", query="")) == ""


def test_progress_is_a_sentence_until_it_is_done() -> None:
    assert progress_sentence(None) == ""
    shown = progress_sentence(RulePass(checked=1200, of=34000))
    assert shown == "The rules are being applied: 1,200 of 34,000 articles are checked."


def test_a_search_that_shows_unread_articles_first_has_that_in_its_link() -> None:
    search = SavedSearch(id=4, name="a", query="b", unread_only=True, created=NOW)
    assert search_path(search) == "/searches/4"
    assert search_path(search, first=True) == "/searches/4?show=unread"
