"""Values of one element of a feed: text, HTML, address, people, time."""

import base64
import binascii
import copy
import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from urllib.parse import urljoin

from lxml import etree

from unabridged.dates.parse import parse_date
from unabridged.feeds.parsing.namespaces import XML_BASE, Names
from unabridged.feeds.parsing.plain_text import paragraphs, reflowed
from unabridged.model import Clock, ClockKind
from unabridged.text.word_tags import without_word_tags
from unabridged.urls import absolute, host


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Context shared by all elements of one document.

    base: the address against which links resolve. stated: xml:base gives it. atom: text constructs without
    a type are plain text (RFC 4287), where RSS leaves it to be guessed. zone: of times written without one.
    """

    base: str
    stated: bool = False
    atom: bool = False
    zone: tzinfo | None = None
    language: str | None = None
    now: datetime | None = None
    names: Names = field(default_factory=Names)


def children_by_name(element: etree._Element, names: Names) -> dict[str, list[etree._Element]]:
    """Return an element's children under the names of our tables, in document order."""
    groups: dict[str, list[etree._Element]] = {}
    for child in element:
        name = names[child.tag]
        if name in groups:
            groups[name].append(child)
        else:
            groups[name] = [child]
    return groups


def text_of(element: etree._Element) -> str:
    """Return all text inside an element, trimmed."""
    text = "".join(element.itertext()) if len(element) else element.text
    return text.strip() if text else ""


# Text that is markup: a known end tag or void element, or a reference with its semicolon.
_MARKUP = re.compile(
    r"</(?:a|abbr|b|big|blockquote|br|cite|code|del|div|em|font|h[1-6]|i|ins|kbd|li|mark|ol|p|pre|q|s|samp|small|span"
    r"|strike|strong|sub|sup|table|tt|u|ul|var|wbr)\s*>|<(?:br|hr|img|wbr)\b[^<>]*>",
    re.IGNORECASE,
)
_TAG = re.compile(r"<(?:/?[A-Za-z][^<>]*|!--.*?--)>", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NEVER_IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def plain(markup: str) -> str:
    """Return the text of a line of HTML: tags dropped, references read once, spaces single."""
    text = _TAG.sub("", markup) if "<" in markup else markup
    return one_line(_unescaped(text))


def one_line(text: str) -> str:
    """Return text fit for a label: no controls, no direction overrides, single spaces."""
    if text.isprintable() and "  " not in text:  # most labels: nothing to do
        return text.strip()
    return " ".join(_NEVER_IN_TEXT.sub("", text).split())


def _unescaped(text: str) -> str:
    return _REFERENCE.sub(lambda match: html.unescape(match[0]), text) if "&" in text else text


def label_of(element: etree._Element, scope: Scope) -> str:
    """Return a title or name as plain text, whatever it was written as."""
    kind = _kind(element)
    if kind in ("xhtml", "xml"):
        return one_line(text_of(element))
    text = _from_base64(element, kind, text_of(element))
    if kind == "html":
        return plain(text)
    if kind == "text" or scope.atom:
        return one_line(text)
    return plain(text) if _is_markup(text) else one_line(_unescaped(text))


def _is_markup(text: str) -> bool:
    """Return True if a title without a stated type is HTML, and not a text about the tags of HTML.

    A tag that stands between spaces like a word is the subject: "When to use <p> and when <br>".
    """
    return _MARKUP.search(text) is not None and _MARKUP.search(without_word_tags(text)) is not None


def html_of(element: etree._Element, scope: Scope) -> str:
    """Return an element's content as HTML: plain text with its line breaks, and its addresses as links.

    Links are left as they are, unless the element states a base of its own.
    """
    kind = _kind(element)
    if len(element):
        markup = _inner_markup(element)
    else:
        text = _from_base64(element, kind, (element.text or "").strip())
        markup = _html_of_text(text, kind, scope.names[element.tag], scope)
    own = element.get(XML_BASE)
    return resolve_links(markup, _join(scope.base, own)) if own else markup


_PLAIN_BY_DEFAULT = frozenset(
    {"media:description", "itunes:summary", "itunes:subtitle", "googleplay:description"}
)
"""Elements that hold plain text unless they state another type or contain markup."""


def _html_of_text(text: str, kind: str, name: str, scope: Scope) -> str:
    if kind == "text" and name not in _PLAIN_BY_DEFAULT:
        return paragraphs(text)
    if kind not in ("", "text") or _MARKUP.search(text):
        return text
    if name in _PLAIN_BY_DEFAULT:
        return paragraphs(_unescaped(text))
    if scope.atom:
        return paragraphs(text)
    return text if _TAG.search(text) else reflowed(_unescaped(text))


_KINDS = {
    "text": "text",
    "text/plain": "text",
    "plain": "text",
    "html": "html",
    "text/html": "html",
    "xhtml": "xhtml",
    "application/xhtml+xml": "xhtml",
    "text/xml": "xml",
    "application/xml": "xml",
}


def _kind(element: etree._Element) -> str:
    """Return text, html, xhtml, xml, "" where nothing is stated, or the media type that is stated."""
    stated = element.get("type")
    if stated is None:
        return ""
    kind = stated.strip().lower()
    if kind.startswith("text/plain") and element.get("mode") == "escaped" and len(element) == 0:
        return "text"
    return _KINDS.get(kind, kind)


def _from_base64(element: etree._Element, kind: str, text: str) -> str:
    binary = "/" in kind and not kind.startswith("text/") and not kind.endswith(("+xml", "/xml"))
    if element.get("mode") != "base64" and not binary:
        return text
    try:
        return base64.b64decode(text).decode("utf-8").strip()
    except (binascii.Error, ValueError):
        return "" if binary else text


def _inner_markup(element: etree._Element) -> str:
    """Return the HTML inside an element: names without namespaces, an only wrapping div taken off."""
    inner = copy.deepcopy(element[0] if len(element) == 1 and _is_wrapper(element) else element)
    for each in inner.iter(etree.Element):
        each.tag = str(each.tag).rpartition("}")[2].rpartition(":")[2] or "span"
    etree.cleanup_namespaces(inner)
    parts = [html.escape(inner.text or "", quote=False)]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in inner]
    return "".join(parts).strip()


def _is_wrapper(element: etree._Element) -> bool:
    child = element[0]
    bare = not (element.text or "").strip() and not (child.tail or "").strip()
    return bare and isinstance(child.tag, str) and child.tag.rpartition("}")[2] in ("div", "body")


_LINK = re.compile(
    r"(<[A-Za-z][^<>]*?\s(?:href|src|poster|cite|data|longdesc|background)\s*=\s*)(?:\"([^\"<>]*)\"|'([^'<>]*)')",
    re.IGNORECASE,
)


def resolve_links(markup: str, base: str) -> str:
    """Return HTML whose links are absolute against `base`; those already absolute stay as written."""

    def resolved(match: re.Match[str]) -> str:
        value = html.unescape(match[2] if match[2] is not None else match[3])
        return f'{match[1]}"{html.escape(_join(base, value))}"'

    return _LINK.sub(resolved, markup)


def _join(base: str, link: str) -> str:
    if _PLAIN.fullmatch(link):  # most links: joining gives them back, a tenth of the time
        return link
    try:
        return urljoin(base, link.strip())
    except ValueError:
        return link


_SAFE = re.compile(
    r"https?://[a-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9_.~/=&?:@!$'()*+,;-]*(?:%[0-9A-Fa-f]{2}[A-Za-z0-9_.~/=&?:@!$'()*+,;-]*)*"
    r"(?:#[A-Za-z0-9_.~/=-]*)?)?"
)


_PLAIN = re.compile(
    r"https?://[a-z0-9.-]+(?:/[A-Za-z0-9_.~/=&%:@!$'()*+,-]*(?:\?[A-Za-z0-9_.~/=&%:@!$'()*+,-]+)?)?"
)
"""Absolute addresses in which urllib finds nothing to leave out: no empty query, fragment or parameter."""


def address(link: str | None, base: str) -> str | None:
    """Return a link as an absolute http(s) address, None for anything else."""
    if not link:
        return None
    if len(link) < 2048 and _SAFE.fullmatch(link):  # most links: nothing to do, a tenth of the time
        return link
    return absolute(link, base)


def base_of(element: etree._Element, scope: Scope) -> str:
    """Return the base in force inside an element, given that of the elements around it."""
    own = element.get(XML_BASE)
    return _join(scope.base, own) if own else scope.base


def base_of_site(site: str | None, url: str) -> str:
    """Return the base of a feed's relative links where the feed states none: its site, else its own URL.

    A site on the machine of the publisher ("http://localhost:4000/") is a leftover and no base.
    """
    if site is None or (_is_leftover(host(site)) and not _is_leftover(host(url))):
        return url
    return site


def _is_leftover(name: str) -> bool:
    return "." not in name or name.startswith(("127.", "0.0.0.0")) or name == "example.com"


_MAIL = r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+"
_MAIL_THEN_NAME = re.compile(
    rf"(?:mailto:)?<?{_MAIL}>?(?:\?subject=\S*)?\s*[(,:-]?\s*(.*?)\s*\)?\s*", re.DOTALL
)
_NAME_THEN_MAIL = re.compile(
    rf"(.+?)\s*[(<\[]\s*(?:mailto:)?{_MAIL}(?:\?subject=\S*)?\s*[)>\]]?\s*", re.DOTALL
)
_ONLY_MAIL = re.compile(_MAIL)
_MAX_PERSON_CHARACTERS = 1000


def person_of(element: etree._Element, scope: Scope) -> str:
    """Return a person's name; the mail address where there is nothing else, "" where nothing."""
    if len(element):
        groups = children_by_name(element, scope.names)
        for key in ("name", "itunes:name", "googleplay:name", "email", "itunes:email"):
            for child in groups.get(key, ()):
                if name := label_of(child, scope):
                    return name
    return person(label_of(element, scope))


def person(text: str) -> str:
    """Return the name out of "mail (Name)", "Name <mail>" and the like."""
    if "@" not in text or len(text) > _MAX_PERSON_CHARACTERS:
        return text
    if match := _MAIL_THEN_NAME.fullmatch(text):
        return match[1].strip() or text.removeprefix("mailto:").strip("<>() ")
    if match := _NAME_THEN_MAIL.fullmatch(text):
        return match[1].strip().strip('"')
    return text


def mail_of(element: etree._Element, scope: Scope) -> str:
    """Return a person's mail address, "" where none is given."""
    text = text_of(element)
    if "@" not in text or len(text) > _MAX_PERSON_CHARACTERS:
        return ""
    if len(element):
        inner = children_by_name(element, scope.names)
        given = [*inner.get("email", ()), *inner.get("itunes:email", ())]
        text = text_of(given[0]) if given else text
    found = _ONLY_MAIL.search(text)
    return found[0] if found else ""


def page_of_person(element: etree._Element, scope: Scope) -> str | None:
    """Return the address of a person's page."""
    inner = children_by_name(element, scope.names)
    given = [child for name in ("uri", "url", "homepage") for child in inner.get(name, ())]
    return address(text_of(given[0]), base_of(given[0], scope)) if given else None


def people(names: Iterable[str]) -> tuple[str, ...]:
    """Return each name once, mail addresses only where no name is known."""
    once = list(dict.fromkeys(name for name in names if name))
    if len(once) < 2:
        return tuple(once)
    named = [name for name in once if "@" not in name or not _ONLY_MAIL.fullmatch(name)]
    return tuple(named or once)


LARGEST_OFFSET = timedelta(hours=14)
"""Offset of the easternmost zone from UTC."""


def clock(raw: str, kind: ClockKind, scope: Scope) -> Clock | None:
    """Read an instant; None for nonsense.

    A time without a zone is read in the zone of the feed. If it would lie in the future, it was written
    further east: the smallest offset in hours that brings it into the past is taken.
    """
    found = parse_date(raw, kind=kind, origin="feed", language=scope.language, now=scope.now)
    if found is None or found.zone_stated or found.day_only:
        return found
    written = found.at.replace(tzinfo=scope.zone or UTC)
    ahead = written - (scope.now or written)
    if timedelta(0) < ahead <= LARGEST_OFFSET:
        offset = (written.utcoffset() or timedelta(0)) + timedelta(hours=-(-ahead // timedelta(hours=1)))
        if offset <= LARGEST_OFFSET:
            written = written.replace(tzinfo=timezone(offset))
    return replace(found, at=written)


def split_words(text: str) -> Iterator[str]:
    """Yield the parts of a comma-separated list."""
    return (part for piece in text.split(",") if (part := one_line(piece)))
