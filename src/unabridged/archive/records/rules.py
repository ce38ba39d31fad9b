"""Records of rules that set articles aside, and of saved searches."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from unabridged.archive.records.core import Headline

RuleAction = Literal["mute", "keep"]
RULE_ACTIONS: tuple[RuleAction, ...] = ("mute", "keep")
"""mute: articles that match are set aside; keep: within the scope, all others are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleDraft:
    """A rule as a user writes it. feed_id, folder_id: its scope; without either it is for all articles."""

    action: RuleAction
    query: str
    feed_id: int | None = None
    folder_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(RuleDraft):
    """A stored rule of a user."""

    id: int
    created: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewLine:
    """One of the newest articles of a rule's scope. aside: the rule would set it aside.

    protected: it would, but the article is starred or tagged.
    """

    headline: Headline
    aside: bool
    protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePreview:
    """The newest articles of a rule's scope, with those marked that the rule would set aside."""

    lines: tuple[PreviewLine, ...]

    @property
    def aside(self) -> tuple[PreviewLine, ...]:
        return tuple(one for one in self.lines if one.aside)


@dataclass(frozen=True, slots=True, kw_only=True)
class RulePass:
    """Application of a user's rules to what is there. checked, of: numbers of articles, `of` about."""

    checked: int
    of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchDraft:
    """A saved search as a user writes it. unread_only: its list shows unread articles at first."""

    name: str
    query: str
    unread_only: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch(SearchDraft):
    """A user's saved search, which is a list.

    complete: all present articles are in it; until then, older ones are still being added.
    unread: of its articles, None where they were not counted.
    """

    id: int
    created: datetime
    complete: bool = True
    unread: int | None = None
