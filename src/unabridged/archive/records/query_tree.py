"""Tree of a search query, as the parser of the query language returns it."""

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """Consecutive tokens. field: title, author, tag or fact; None: anywhere in the article.

    prefix: the last token is a prefix. said: the words as typed, for highlighting.
    """

    tokens: tuple[str, ...]
    prefix: bool = False
    field: str | None = None
    said: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A condition outside the text index. name: is, feed, tag, before, after (at: the time) or regex.

    regex: an expression that a field (title, author, url, text or tag) must match, in rules only; place: of
    the expression in the query.
    """

    name: str
    value: str
    at: datetime | None = None
    field: str | None = None
    place: int | None = dataclass_field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class And:
    parts: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Or:
    parts: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Not:
    part: "Tree"


Tree = Words | Condition | And | Or | Not


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchScope:
    """A saved search as a condition of a list. id: its number.

    passing: conditions is:, after: and before:, which are evaluated whenever the list is shown. is_open:
    there are no others, and it is a list of all articles for which those hold.
    """

    id: int
    passing: Tree | None = None
    is_open: bool = False
