"""Verdicts of several rules on one article: actions, scopes, precedence, words of the reason."""

from collections.abc import Mapping

import pytest

from tests.archive.sample_feeds import NOW
from unabridged.archive.records.rules import Rule, RuleAction
from unabridged.archive.rules.matching import Subject
from unabridged.archive.rules.verdicts import PreparedRule, reason_of
from unabridged.archive.search import query_language
from unabridged.model import Article


def rule(
    action: RuleAction, query: str, *, feed: int | None = None, folder: int | None = None
) -> PreparedRule:
    one = Rule(id=1, action=action, query=query, feed_id=feed, folder_id=folder, created=NOW)
    return PreparedRule(rule=one, tree=query_language.parse(query, now=NOW, rule=True), feeds={})


def subject(title: str, subscribed: Mapping[int, int | None]) -> Subject:
    article = Article(url="https://news.example/1", title=title)
    return Subject(article, at=NOW, feeds=subscribed, subscribed=subscribed)


def test_an_article_is_set_aside_by_a_match_and_the_reason_names_the_rule() -> None:
    assert reason_of([rule("mute", "title:storm")], subject("A storm", {1: None})) == "mute: title:storm"
    assert reason_of([rule("mute", "title:storm")], subject("A calm", {1: None})) is None


def test_a_keep_rule_sets_everything_else_aside_and_one_match_of_several_is_enough() -> None:
    keeps = [rule("keep", "storm"), rule("keep", "rain")]
    assert reason_of(keeps, subject("A storm", {1: None})) is None
    assert reason_of(keeps, subject("The rain", {1: None})) is None
    assert reason_of(keeps, subject("A calm", {1: None})) == "keep: storm · rain"


def test_mute_wins_over_keep() -> None:
    both = [rule("keep", "storm"), rule("mute", "sponsored")]
    assert reason_of(both, subject("A sponsored storm", {1: None})) == "mute: sponsored"


@pytest.mark.parametrize(
    ("feeds", "muted", "kept"),
    [
        ({1: 7}, True, True),
        ({1: 7, 2: 8}, True, False),
        ({2: 8}, False, False),
        ({3: 7}, False, False),
    ],
)
def test_a_rule_of_a_feed_is_for_it_and_a_keep_rule_hides_nothing_that_another_feed_shows(
    feeds: dict[int, int | None], muted: bool, kept: bool
) -> None:
    assert (reason_of([rule("mute", "calm", feed=1)], subject("A calm", feeds)) is not None) is muted
    assert (reason_of([rule("keep", "storm", feed=1)], subject("A calm", feeds)) is not None) is kept


@pytest.mark.parametrize(
    ("feeds", "muted", "kept"),
    [
        ({1: 7}, True, True),
        ({1: 7, 3: 7}, True, True),
        ({1: 7, 2: 8}, True, False),
        ({2: None}, False, False),
    ],
)
def test_a_rule_of_a_folder_is_for_all_its_feeds(
    feeds: dict[int, int | None], muted: bool, kept: bool
) -> None:
    assert (reason_of([rule("mute", "calm", folder=7)], subject("A calm", feeds)) is not None) is muted
    assert (reason_of([rule("keep", "storm", folder=7)], subject("A calm", feeds)) is not None) is kept
