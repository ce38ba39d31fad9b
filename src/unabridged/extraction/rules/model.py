"""Records of site rules: what is known about one site's pages."""

from dataclasses import dataclass, field, fields
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Replacement:
    """A literal text of the raw page, and its replacement before parsing."""

    find: str
    replace: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PageLink:
    """An expression for another page of the same article. guard: an expression that must match too, "" for
    none."""

    xpath: str
    guard: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Elements (xpath) that move to the end of another (target; "body" for the article's body)."""

    xpath: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrap:
    """Elements (xpath) that are wrapped in another (tag)."""

    xpath: str
    tag: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleTest:
    """A page to test the rules on, and texts that its article must contain."""

    url: str
    contains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRules:
    """Rules for the pages of one site; all expressions are XPath 1.0.

    body, title, author, date: tried in order. A switch is None if no file sets it. headers: for the fetcher.
    sources: the files the rules came from, for messages.
    """

    sources: tuple[str, ...] = ()
    title: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    date: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    strip: tuple[str, ...] = ()
    strip_id_or_class: tuple[str, ...] = ()
    skip_id_or_class: tuple[str, ...] = ()
    strip_image_src: tuple[str, ...] = ()
    strip_attr: tuple[str, ...] = ()
    post_strip_attr: tuple[str, ...] = ()
    dissolve: tuple[str, ...] = ()
    moves: tuple[Move, ...] = ()
    wraps: tuple[Wrap, ...] = ()
    native_ad_clue: tuple[str, ...] = ()
    single_page_link: tuple[PageLink, ...] = ()
    next_page_link: tuple[PageLink, ...] = ()
    replacements: tuple[Replacement, ...] = ()
    src_lazy_load_attr: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    tests: tuple[RuleTest, ...] = ()
    prune: bool | None = None
    autodetect_on_failure: bool | None = None
    autodetect_next_page: bool | None = None
    insert_detected_image: bool | None = None
    convert_double_br_tags: bool | None = None
    footnotes: bool | None = None
    skip_json_ld: bool | None = None


def merged(first: SiteRules, then: SiteRules) -> SiteRules:
    """Merge two sets of rules: lists append, a switch keeps its first value."""
    if first.autodetect_on_failure is False:
        return first
    values: dict[str, Any] = {}
    for each in fields(SiteRules):
        own, other = getattr(first, each.name), getattr(then, each.name)
        values[each.name] = own + other if isinstance(own, tuple) else other if own is None else own
    return SiteRules(**values)


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoredLine:
    """A line of a rule file that has no effect, and why."""

    file: str
    line: int
    text: str
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleFile:
    """A parsed rule file."""

    rules: SiteRules
    ignored: tuple[IgnoredLine, ...] = field(default=())
