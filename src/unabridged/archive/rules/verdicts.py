"""Verdict of rules on an article: set aside, with the reason, or not. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from unabridged.archive.records.query_tree import Tree
from unabridged.archive.records.rules import Rule
from unabridged.archive.rules.matching import FeedNames, Subject, matches


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRule:
    """Rule with its parsed query. feeds: for each condition feed: of the query."""

    rule: Rule
    tree: Tree
    feeds: FeedNames

    def matches(self, subject: Subject) -> bool:
        return matches(self.tree, subject, self.feeds)


def reason_of(rules: Iterable[PreparedRule], subject: Subject) -> str | None:
    """Return why rules set an article aside ("mute: QUERY" or "keep: QUERY · QUERY"), None if they do not.

    A rule that mutes wins over one that keeps. An article is kept if one of the keep rules for it matches.
    """
    keeping = []
    for one in rules:
        if not in_scope(one.rule, subject):
            continue
        if one.rule.action == "keep":
            keeping.append(one)
        elif one.matches(subject):
            return f"mute: {one.rule.query}"
    if keeping and not any(one.matches(subject) for one in keeping):
        return f"keep: {' · '.join(one.rule.query for one in keeping)}"
    return None


def in_scope(rule: Rule, subject: Subject) -> bool:
    """Tell if a rule is for an article.

    A mute rule is for whatever its feed or folder showed; a keep rule for what nothing else showed: an
    article that comes from another feed, too, is not hidden there.
    """
    if rule.feed_id is not None:
        if rule.action == "mute":
            return rule.feed_id in subject.feeds
        return subject.subscribed.keys() == {rule.feed_id}
    if rule.folder_id is not None:
        if rule.action == "mute":
            return rule.folder_id in subject.folders
        return subject.folders == {rule.folder_id}
    return True
