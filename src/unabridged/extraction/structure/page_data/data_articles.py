"""Articles inside a page's data: HTML, plain text or rich text that belongs to the page's own article.

A state also holds teasers, comments and other articles. Only text that names this page's title or address,
or that begins as the page does, is taken.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import unescape
from typing import NamedTuple
from urllib.parse import urlsplit

from unabridged.extraction.structure.page_data.page_data import DataHolder, HeldValue, parse_json
from unabridged.extraction.structure.page_data.rich_text import RichText, kind_of, paragraphs
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import letters_only

MAX_LOOKED = 300_000
"""Maximum values of a page's data that are looked at."""
LEAST_TEXT = 250
"""Characters of text from which a value can be an article."""
LEAST_OPENING = 40
"""Letters that must agree at the beginning of two texts."""
MAX_INNER = 3
"""Levels of JSON inside strings of JSON."""

_BODY_KEYS = lazy_regex(
    r"body|content|text|html|paragraph|description_?long|story|markdown|article|copy|detail|value|data",
    re.IGNORECASE,
)
_OTHER_KEYS = lazy_regex(
    r"^(?:.*(?:comment|review|repl(?:y|ies)|related|recommend|recirc|teaser|trending|popular|latest|newsletter|sidebar|"
    r"mostread|most_read|navigation|consent|cookie|i18n|translation|locale|messages|dictionary|biograph|upnext|"
    r"readnext|nextpost|prevpost|previouspost|advert|disclaimer|privacy|terms).*|nav|menu|footer|header|bio|author|"
    r"authors|contributors|byline|ads?|promo|seo|excerpt|css|styles?|script|schema|config|settings)$",
    re.IGNORECASE,
)
_TITLES = tuple(
    "title headline name heading public_title headlines seoTitle articleTitle subject postTitle displayTitle "
    "pageTitle metaTitle basic label".split()
)
_PLACES = tuple(
    "slug url canonicalUrl canonical_url canonicalURL path permalink href uri website_url webUrl link "
    "fullSlug full_slug relativeUrl shareUrl id mainEntityOfPage @id shortId postId articleId".split()
)
_BLOCK_TAG = lazy_regex(r"<(?:p|br|div|h[2-4]|ul|ol|blockquote|figure|section)\b[^>]{0,400}>", re.IGNORECASE)
_ESCAPED_TAG = lazy_regex(r"&lt;(?:p|br|div|h[2-4])\b", re.IGNORECASE)
_TAGS = lazy_regex(r"<[^>]*>")
_ADDRESS = lazy_regex(r"https?://[^\s<)]{1,2000}")
_GLUED = lazy_regex(r"[^\W\d_A-Z]{2}[.!?:…][)”\"»]?([^\W\d_])")
_TEMPLATE = lazy_regex(r"\{\{|<%|\$\{")

MARKUP = ":markup"
"""Key of HTML that stands in a template of the page, not in its data."""


class Owner(NamedTuple):
    """An object of the data, the one around it, and the key there that leads to it ("" for the outermost)."""

    value: Mapping[str, object]
    above: "Owner | None"
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Known facts of a page. titles, openings, text (all that the page shows): their letters only."""

    titles: tuple[str, ...]
    url: str
    openings: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A text of the data. html: as it was found or written; letters: its text, letters and digits only;
    glued: its paragraphs were joined without a space. holder, owner, key: where it stands."""

    html: str
    letters: str
    owner: Owner | None
    key: str = ""
    holder: DataHolder
    glued: bool = False


def text_letters(html: str) -> str:
    """Return the letters and digits of HTML's text."""
    return letters_only(unescape(_TAGS.sub(" ", html)))


def own_article(values: Iterable[HeldValue], page: Callable[[], Page], least: int) -> Candidate | None:
    """Return the longest text of the data that is this page's article, None if there is none.

    page: called once there is a text of at least `least` letters.
    """
    best: Candidate | None = None
    known: Page | None = None
    for found in candidates(values, max(least, LEAST_TEXT)):
        if len(found.letters) >= least and (best is None or len(found.letters) > len(best.letters)):
            known = known or page()
            best = found if belongs(found, known) else best
    return best


def belongs(found: Candidate, page: Page) -> bool:
    """Say whether a text is the page's own article."""
    return ownership(found, page) is True


def ownership(found: Candidate, page: Page) -> bool | None:
    """Say whether a text is the page's own article: the nearest name in its data is the page's, or it begins
    as the page's text or description does. None if nothing names it."""
    for opening in page.openings:
        if len(opening) >= LEAST_OPENING and opening[:60] in found.letters:
            return True
    if len(found.letters) > LEAST_OPENING and found.letters[:60] in page.text:
        return True
    owner = found.owner
    if owner is not None and MARKUP in owner.value:
        return any(len(title) >= 12 and title in found.letters[:2000] for title in page.titles)
    for _ in range(5):
        if owner is None:
            return None
        named = _named(owner.value, page)
        if named is not None:
            return named
        owner = owner.above
    return None


def _named(value: Mapping[str, object], page: Page) -> bool | None:
    """Say whether an object's title or address is the page's; None if it has neither."""
    titles = [letters_only(title) for title in _titles(value)]
    if any(_same_title(title, page.titles) for title in titles):
        return True
    if any(_same_place(place, page.url) for key in _PLACES if isinstance(place := value.get(key), str)):
        return True
    return False if any(len(title) > 7 for title in titles) else None


_META = ("frontmatter", "attributes", "fields", "meta", "metadata", "seo", "head", "header", "info")


def _titles(value: Mapping[str, object]) -> Iterator[str]:
    """Yield an object's titles, its own and those of its front matter."""
    yield from _own_titles(value)
    for key in _META:
        if isinstance(inner := value.get(key), dict):
            yield from _own_titles(inner)


def _own_titles(value: Mapping[str, object]) -> Iterator[str]:
    for key in _TITLES:
        title = value.get(key)
        if isinstance(title, list) and len(title) == 2 and isinstance(title[0], int):
            title = title[1]
        if isinstance(title, dict):
            title = next(
                (t for k in ("rendered", "text", "basic", "default", "en", "value") if (t := title.get(k))),
                None,
            )
        if isinstance(title, str) and 0 < len(title) < 400:
            yield unescape(_TAGS.sub("", title))


def _same_title(title: str, titles: tuple[str, ...]) -> bool:
    if len(title) < 2:
        return False
    return any(
        title == known or (len(title) >= 12 and title in known) or (len(known) >= 12 and known in title)
        for known in titles
    )


def _same_place(place: str, url: str) -> bool:
    """Say whether a slug, path or number ends the page's path."""
    if not url or not 5 <= len(place) < 400:
        return False
    own = _path(url).rstrip("/").rpartition("/")[2].partition(".")[0]
    other = _path(place).rstrip("/").rpartition("/")[2].partition(".")[0]
    return len(other) >= 5 and (
        other == own or (other.isdigit() and re.search(rf"(?<!\d){other}(?!\d)", own) is not None)
    )


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:  # "http://[": no URL
        return url


class References:
    """Objects of a normalised store (Apollo, Relay), by their key."""

    def __init__(self) -> None:
        self._stores: list[Mapping[str, object]] = []

    def __bool__(self) -> bool:
        return bool(self._stores)

    def add(self, value: Mapping[str, object]) -> None:
        if "ROOT_QUERY" in value or "client:root" in value:
            self._stores.append(value)

    def follow(self, value: object) -> object:
        if isinstance(value, dict):
            key = value.get("__ref") or (value.get("id") if value.get("generated") is not None else None)
            if isinstance(key, str):
                return next((store[key] for store in self._stores if key in store), value)
        return value


def _may_hold(value: object, least: int) -> bool:
    """Say whether an object or a list, with all in it, may hold a text of so many letters.

    Only small parts of the data are measured; anything may be in a larger one.
    """
    stack, left = [value], least / WRITTEN
    for _ in range(MOST_MEASURED):
        if not stack:
            return False
        item = stack.pop()
        if isinstance(item, str):
            left -= len(item)
        elif isinstance(item, (dict, list)):
            if len(item) > MOST_MEASURED:
                return True
            stack += item.values() if isinstance(item, dict) else item
        if left <= 0:
            return True
    return True


def candidates(values: Iterable[HeldValue], least: int) -> Iterator[Candidate]:
    """Walk all values with a stack, each object once, and yield the texts of so many characters."""
    references = References()
    writer = RichText(references.follow)
    looked = 0
    seen: set[int] = set()
    keep: list[object] = []  # ids stay unique while the objects live
    for holder, whole in values:
        keep.append(whole)
        stack: list[tuple[object, str, Owner | None, int]] = [(whole, "", None, 0)]
        while stack and looked < MAX_LOOKED:
            value, key, owner, inner = stack.pop()
            looked += 1
            if isinstance(value, str):
                if len(value) >= least:
                    yield from text_candidates(value, key, owner, holder)
                    if (
                        inner < MAX_INNER
                        and value[:1] in ("{", "[")
                        and (parsed := parse_json(value)) is not None
                    ):
                        keep.append(parsed)
                        stack.append((parsed, key, owner, inner + 1))
                continue
            if not isinstance(value, (dict, list)) or id(value) in seen:
                continue
            if not references and not _may_hold(value, least):
                continue
            seen.add(id(value))
            if isinstance(value, dict):
                references.add(value)
                following = references.follow(value)
                if following is not value:
                    stack.append((following, key, owner, inner))
                    continue
                here = Owner(value, owner, key)
                stack += [
                    (item, name, here, inner)
                    for name, item in reversed(value.items())
                    if (type(item) in _CONTAINERS or (type(item) is str and len(item) >= least))
                    and not _is_other(name[:LONGEST_KEY])
                ]
                continue
            found = list_candidate(value, key, owner, holder, writer)
            if found is not None:
                yield found
            else:
                stack += [
                    (item, key, owner, inner)
                    for item in reversed(value)
                    if type(item) in _CONTAINERS or (type(item) is str and len(item) >= least)
                ]


MOST_MEASURED = 100
"""Values of an object or list that are measured."""
WRITTEN = 2
"""Letters of a text that one character of the data may give: a caption may be alternative text too."""
LONGEST_KEY = 100
"""Characters of a key that are read."""
_CONTAINERS = frozenset((dict, list))


@lru_cache(maxsize=4096)
def _is_other(key: str) -> bool:
    """Say whether a key names something else than the article."""
    return _OTHER_KEYS.match(key) is not None


def text_candidates(value: str, key: str, owner: Owner | None, holder: DataHolder) -> Iterator[Candidate]:
    """Yield a string that is HTML, or plain text under a name that says text."""
    if value[:1] in ("{", "["):
        return
    glued = False
    html = unescape(value) if _ESCAPED_TAG.search(value, 0, 2000) and "<p" not in value else value
    if _BLOCK_TAG.search(html):
        letters = text_letters(html)
    elif _BODY_KEYS.search(key) and value.count(" ") * 12 > len(value) * (value.isascii()):
        html = (
            "".join(f"<p>{line}</p>" for line in value.split("\n"))
            if "<" in value
            else paragraphs(unescape(value))
        )
        letters = text_letters(_ADDRESS.sub(" ", html))
        glued = sum(1 for end in _GLUED.finditer(value) if end[1].isupper()) > 1
    else:
        return
    if len(letters) >= LEAST_TEXT // 2 and _TEMPLATE.search(html, 0, 3000) is None:
        yield Candidate(html=html, letters=letters, owner=owner, key=key, holder=holder, glued=glued)


def list_candidate(
    value: list[object], key: str, owner: Owner | None, holder: DataHolder, writer: RichText
) -> Candidate | None:
    """Return a list of blocks or of paragraphs as a text, None for any other list."""
    if len(value) == 0 or writer.left <= 0:
        return None
    first = value[:30]
    strings = [item for item in first if isinstance(item, str)]
    if len(strings) == len(first):
        if not (len(first) > 1 and _BODY_KEYS.search(key) and sum(map(len, strings)) > 50 * len(strings)):
            return None
    elif 2 * sum(1 for item in first if _is_block(item)) < len(first):
        return None
    html = writer.blocks(value, owner.value if owner else {})
    letters = text_letters(html)
    if len(letters) < LEAST_TEXT // 2 or len(_BLOCK_TAG.findall(html)) * 15 > len(letters):
        return None
    return Candidate(html=html, letters=letters, owner=owner, key=key, holder=holder)


def _is_block(item: object) -> bool:
    """Say whether an item is a typed block, not the summary of another page."""
    if not isinstance(item, dict) or "__ref" in item:
        return isinstance(item, dict)
    if any(
        isinstance(item.get(key), str)
        for key in ("slug", "permalink", "headline", "publishedAt", "datePublished")
    ):
        return False
    return kind_of(item) != ""
