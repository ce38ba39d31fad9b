"""Facts that a verdict on completeness is drawn from: the page, the text, what feed and site say of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from unabridged.extraction.html.dom import Dom, Element, Text
from unabridged.extraction.metadata.read import Metadata
from unabridged.text.words import estimate_words

SHORT = 350
"""Words; a shorter text may be a teaser. 9 in 10 news articles of the corpora have more than 120."""
VERY_SHORT = 120
LEAST_TEXT = 20
"""Words; below, the whole page is searched for requests and refusals."""
MAX_LOOKED = 20_000
"""Nodes of a page that are looked at."""
USUAL_SHARE = 0.8
"""Of the shortest text of a site: a longer one is as others are."""
MAX_START = 5_000
"""Characters of the page's beginning, where a time of reading is stated."""
MAX_TEXT = 25_000
"""Characters of the page's text that are searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLength:
    """Lengths of a site's texts in characters, as its profile has them. pages: learnt from."""

    pages: int
    median: int
    shortest: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedClaims:
    """Texts of the feed's entry, plain: its content and its summary; "" for none."""

    content: str = ""
    summary: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedText:
    """A text and the page that it was taken from.

    url: of the page, None if unknown. signals: figures of the selection, if there are any: "page_links", the
    share of linked words; "kept_links", that of the text; "read_more_follows", 1 if a "read more" follows the
    text. following: the page's text at the end of the chosen one and right after it, None if unknown. feed:
    of its entry. usual: lengths of the site's texts, None for a site not known. known: the page has a known
    template of its site, and its text stands where those of others do. cuts: notes on our own limits that cut
    the text.
    """

    dom: Dom
    metadata: Metadata
    text: str
    url: str | None = None
    signals: Mapping[str, float] = field(default_factory=dict)
    following: str | None = None
    feed: FeedClaims = FeedClaims()
    usual: SiteLength | None = None
    known: bool = False
    cuts: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Facts:
    """A judged text with what is counted once and used by several signs; the costly only on first use."""

    given: JudgedText

    @property
    def dom(self) -> Dom:
        return self.given.dom

    @property
    def metadata(self) -> Metadata:
        return self.given.metadata

    @property
    def text(self) -> str:
        return self.given.text

    @cached_property
    def words(self) -> int:
        """Words of the text."""
        return estimate_words(self.given.text)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The text's lines that are not empty."""
        return tuple(line for line in map(str.strip, self.given.text.split("\n")) if line)

    @cached_property
    def page(self) -> str:
        """The page's visible text on one line, up to a cap."""
        return page_text(self.given.dom)

    @cached_property
    def start(self) -> str:
        """The beginning of the page's visible text."""
        return page_text(self.given.dom, MAX_START)

    @cached_property
    def page_words(self) -> int:
        return estimate_words(self.page)

    @cached_property
    def is_usual(self) -> bool:
        """The page has a known template, and a text about as long as others: it is not another page's."""
        usual = self.given.usual
        return self.given.known and usual is not None and len(self.text) >= USUAL_SHARE * usual.shortest

    @cached_property
    def is_dated(self) -> bool:
        """The page itself states a time."""
        return any(clock.origin != "feed" for clock in self.metadata.clocks)

    @cached_property
    def is_article(self) -> bool:
        """The page declares in its structured data that it is one article, with a day."""
        return bool(self.metadata.types & ARTICLE_TYPES) and self.metadata.published is not None

    @cached_property
    def near(self) -> str:
        """The end of the text and what follows it on the page."""
        following = self.given.following
        if following is None:
            following = _after(self.page, self.text)
            return f"{self.text[-NEAR_BEFORE:]} {following[:NEAR_AFTER]}"
        return following


NEAR_BEFORE = 250
NEAR_AFTER = 800
"""Characters of the text's end, and after it, where a page says that there is more, and for whom."""

ARTICLE_TYPES = frozenset(
    "article newsarticle reportagenewsarticle analysisnewsarticle opinionnewsarticle backgroundnewsarticle "
    "reviewnewsarticle advertisercontentarticle satiricalarticle scholarlyarticle techarticle blogposting "
    "liveblogposting report recipe claimreview".split()
)
"""Types of schema.org, in lower case, of a page that is one article."""


def _after(page: str, text: str) -> str:
    """Return what stands in the page's text after the last words of a text, "" if they are not found."""
    end = " ".join(text[-120:].split())[-40:]
    place = page.rfind(end) if end else -1
    return page[place + len(end) :] if place >= 0 else ""


def page_text(dom: Dom, most: int = MAX_TEXT) -> str:
    """Return the page's visible text on one line. most: characters."""
    pieces: list[str] = []
    remaining = most
    for node in islice(dom.body.descendants, MAX_LOOKED + 1):
        if remaining <= 0:
            break
        if type(node) is Text and not (data := node.data).isspace() and is_shown(node):
            pieces.append(data[:remaining])
            remaining -= len(data)
    return " ".join(" ".join(pieces).split())


def is_shown(text: Text) -> bool:
    """Say whether a text node has words that are no script, style or template."""
    if text.data.isspace():
        return False
    parent = text.parent
    return type(parent) is not Element or parent.tag not in ("script", "style", "template")
