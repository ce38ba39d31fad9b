"""Parsing of HTML: bytes of any charset to one tree. Only this module parses pages with turbohtml.

Order of decoding: byte-order mark; UTF-8 if the bytes are valid UTF-8 (other charsets hardly ever are by
chance, so a wrong declaration is overruled); then the charsets of the HTTP header, of the page and of
detection. The most plausible reading wins; the order decides between equals. Labels mean what browsers take
them for (https://encoding.spec.whatwg.org/: gb2312 is GB18030, shift_jis is code page 932, iso-8859-1 is
windows-1252). A declaration that leaves too many broken characters is ignored.

The parser does not limit the depth of the tree: walk it with a stack, not with recursion.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import turbohtml
from turbohtml import Document, Element, Node, Text
from turbohtml.detect import detect

from unabridged.errors import NotAPage
from unabridged.extraction.html.charsets import fix_double_encoding, oddness
from unabridged.text.patterns import lazy_regex

__all__ = ["Document", "Dom", "Element", "Node", "Text", "decode", "parse", "parse_body"]

CUT = "truncated: "
"""Start of a note about text that one of our own limits left out."""
NOT_WRITTEN = "of the chosen text could not be written"
"""Part of a note about text that was chosen and is missing from the body, for another reason than a limit."""

MAX_BYTES = 16 * 1024 * 1024
"""Maximum bytes of markup; the rest is cut off. The longest real page of our corpora has 8 MB."""

MAX_TAGS = 100_000
"""Maximum tags of a page; the rest is cut off. The fullest real page of our corpora has 23,000."""

MAX_ATTRIBUTES = 20_000
"""Maximum attributes of a tag; a tag with more loses all of them."""

MAX_NESTING = 500
"""Maximum levels of a page's tree in which structures are looked for."""

WIDE = f"{CUT}the more than {MAX_ATTRIBUTES:,} attributes of one tag were not read"
"""Note about attributes, which says nothing about the text."""

MAX_JUDGED = 1_000_000
"""Bytes from which the charset is judged; only bigger pages are searched for giant tags."""

_DECLARED = lazy_regex(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_HTTP_CHARSET = lazy_regex(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
SHADOW = "data-shadow-root"
"""Attribute that a template of a shadow root bears in our trees: it stays a template, wherever it stands."""
_SHADOW = lazy_regex(r"(<template\b[^<>]{0,300}?\s)shadowroot(?:mode)?(?=\s*=)", re.IGNORECASE)
_SURROGATE = lazy_regex("[\ud800-\udfff]")
_SOMETHING = lazy_regex("[^\x00\ufeff \t\r\n\f]")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
_LATIN = frozenset(
    "iso-8859-1 iso8859-1 iso-8859-15 windows-1252 cp1252 latin1 latin-1 us-ascii ascii".split()
)
_MUCH_ODDER = 0.2  # difference in oddness above which an undeclared charset overrules a declared one
_LITTLE_ODDER = 0.1
_SURE = 0.5  # the detector's confidence (language unknown) from which it decides between two claims
_DETECTION_WINDOW = 200_000
_DECLARATION_WINDOW = 4096  # the standard says 1024; real pages put long comments and scripts before it
_BROKEN_SHARE = 0.02  # of the non-ASCII characters: with more replacement characters the charset is wrong


@dataclass(frozen=True, slots=True, kw_only=True)
class Dom:
    """A parsed page.

    document: turbohtml's tree. encoding: the charset of the bytes ("" for text input). notes: repairs, for
    the record ("declared gb2312 but is utf-8"). broken_off: the source opens a body and never closes it, as
    after an interrupted download. source: the text that was parsed; a string that is not in it saves a walk
    over the tree.
    """

    document: Document
    encoding: str = ""
    notes: tuple[str, ...] = ()
    broken_off: bool = False
    source: str = ""

    @property
    def root(self) -> Element:
        """The html element (the parser always creates one)."""
        root = self.document.root
        if root is None:
            raise NotAPage("The page is empty: it has no root element.")
        return root

    @property
    def body(self) -> Element:
        """The body element, or the root if there is none (framesets)."""
        for child in self.root:
            if isinstance(child, Element) and child.tag == "body":
                return child
        return self.root

    def select(self, selector: str) -> list[Element]:
        """Return all elements of a CSS selector, in document order."""
        return self.document.select(selector)

    def elements(self, tags: str | Iterable[str] | None = None) -> Iterator[Element]:
        """Yield all elements with one of these tags, in document order, without building the others."""
        return self.document.iter_elements(tags)


def parse(html: bytes | str, *, content_type: str | None = None) -> Dom:
    """Parse a page.

    content_type: the HTTP header's value, for its charset. Raises NotAPage for empty or binary input.
    """
    notes: list[str] = []
    if len(html) > MAX_BYTES:
        notes.append(f"{CUT}only the first {MAX_BYTES:,} bytes of the page were read")
        html = html[:MAX_BYTES]
    encoding = ""
    if isinstance(html, bytes):
        html, encoding, note = decode(html, content_type=content_type)
        notes += [note] if note else []
    elif not html.isascii() and _SURROGATE.search(html):
        html = _SURROGATE.sub("\ufffd", html)
    if _SOMETHING.search(html) is None:
        raise NotAPage("The page is empty.")
    broken_off = _breaks_off(html)
    if "shadowroot" in html:
        html = _SHADOW.sub(rf"\1{SHADOW}", html)
    if len(html) > 3 * MAX_TAGS:  # a smaller page cannot hold so many: the shortest tag is "<b>"
        html, cut = _bounded(html)
        notes += cut
    document = turbohtml.parse(html, positions=False)
    return Dom(document=document, encoding=encoding, notes=tuple(notes), broken_off=broken_off, source=html)


def text_start(element: Element, limit: int) -> str:
    """Return at least the first `limit` characters of an element's text, without reading all of a big one."""
    first = next(iter(element.descendants), None)
    if type(first) is Text and first.next_sibling is None:
        return first.data
    parts: list[str] = []
    for count, node in enumerate(element.descendants):
        if type(node) is Text:
            parts.append(node.data)
            limit -= len(node.data)
        if limit < 0 or count > MAX_STARTED:
            break
    return "".join(parts)


MAX_STARTED = 2_000
"""Nodes of an element that are read for the beginning of its text."""


def parse_body(html: str) -> Element:
    """Parse a fragment of HTML, not a page: of a feed, a document or our own. Returns its body."""
    return parse_part(html).body


def parse_part(html: str) -> Dom:
    """Parse a fragment of HTML, not a page."""
    if not html.isascii() and _SURROGATE.search(html):
        html = _SURROGATE.sub("\ufffd", html)
    document = turbohtml.parse("<!doctype html><body>" + html[:MAX_BYTES], positions=False)
    return Dom(document=document, source=html)


def is_deep(element: Element) -> bool:
    """Say whether an element is nested deeper than any part of a page that is read."""
    above = element.parent
    for _ in range(MAX_NESTING):
        if above is None:
            return False
        above = above.parent
    return True


def _bounded(html: str) -> tuple[str, list[str]]:
    """Cut giant markup down to a size that is read in time; return notes about the parts left out."""
    notes: list[str] = []
    if html.count("<") > MAX_TAGS:
        html = html[: -1 - len(html.split("<", MAX_TAGS + 1)[-1])]
        notes.append(f"{CUT}only the first {MAX_TAGS:,} tags of the page were read")
    if len(html) > MAX_JUDGED and max(html.count("="), html.count(" ")) > MAX_ATTRIBUTES:
        parts = html.split("<")
        wide = [
            place for place, part in enumerate(parts) if len(part) > 2 * MAX_ATTRIBUTES and _is_wide(part)
        ]
        for place in wide:
            name, end = parts[place].split(None, 1)[0], parts[place].find(">")
            parts[place] = name + (parts[place][end:] if end >= 0 else "")
            notes.append(WIDE)
        html = "<".join(parts) if wide else html
    return html, notes


def _is_wide(part: str) -> bool:
    """Say whether the text after a "<" is a tag with more than MAX_ATTRIBUTES attributes."""
    end = part.find(">")
    end = len(part) if end < 0 else end
    if end < 2 * MAX_ATTRIBUTES or not part[:1].isalpha():
        return False
    return (
        part.count("=", 0, end) > MAX_ATTRIBUTES
        or len(part[:end].split(None, MAX_ATTRIBUTES)) > MAX_ATTRIBUTES
    )


_CLOSED = lazy_regex("</(?:body|html)", re.IGNORECASE)
_OPENED = lazy_regex("<body[\\s>]", re.IGNORECASE)


def _breaks_off(html: str) -> bool:
    if _CLOSED.search(html, max(0, len(html) - 2000)) or "</body" in html or "</html" in html:
        return False
    return _OPENED.search(html) is not None and _CLOSED.search(html) is None


def decode(data: bytes, *, content_type: str | None = None) -> tuple[str, str, str]:
    """Return the text, the encoding, and a note if the declaration was wrong ("" if it was right)."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), name, ""
    _refuse_binary(data)
    declared = _declared(data, content_type)
    if not (_utf16_guess(data) or (b"\x1b" in data and b"\x1b$" in data)):
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            mended = fix_double_encoding(data)
            if mended is not data:
                return mended.decode("utf-8"), "utf-8", "utf-8 was encoded twice in places"
            wrong = declared and not data.isascii() and _canonical(declared[0]) not in ("utf-8", "")
            return text, "utf-8", f"declared {declared[0]} but is utf-8" if wrong else ""
    return _decode_other(data, declared)


def _refuse_binary(data: bytes) -> None:
    start = data[:1024]
    if start.startswith(_MAGIC):
        raise NotAPage("The page is not HTML but a binary file (PDF, picture or archive).")
    controls = sum(start.count(bytes((byte,))) for byte in (0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18))
    if controls * 25 > len(start) and b"<\x00" not in start and b"\x00<" not in start:
        raise NotAPage("The page is not HTML but binary data (control characters).")


def _declared(data: bytes, content_type: str | None) -> list[str]:
    """Return the charset labels claimed for these bytes, the HTTP header's first."""
    labels = [found[1] for found in [_HTTP_CHARSET.search(content_type or "")] if found]
    found = _DECLARED.search(data[:_DECLARATION_WINDOW])
    if found:
        labels.append(found[1].decode("ascii"))
    return [label.lower() for label in labels]


def _canonical(label: str) -> str:
    """Return the name of a label in the WHATWG table as Python writes it, "" for an unknown label."""
    try:
        codecs.lookup(f"whatwg-{label}")
    except LookupError:
        return ""
    return "utf-8" if label in ("utf-8", "utf8", "unicode-1-1-utf-8") else label


_Reading = tuple[str, str]
"""A text, and the label with which its bytes were read."""


def _decode_other(data: bytes, declared: list[str]) -> tuple[str, str, str]:
    """Decode bytes that are not valid UTF-8: the most plausible clean reading, else the least broken.

    A big page is judged by its beginning.
    """
    if len(data) > MAX_JUDGED:
        _, label, note = _decode_other(data[:MAX_JUDGED], declared)
        return _decode_as(data, label), label, note
    found = detect(_DECLARED.sub(b"", data[:_DETECTION_WINDOW]))
    guess = (found.encoding or "").lower()
    clean, broken = _readings(data, declared, guess)
    if not clean:
        share, (text, label) = min(broken, key=lambda reading: reading[0])
        return text, label, f"{share:.0%} of the non-ASCII characters could not be read as {label}"
    sure = found.language is not None or found.confidence >= _SURE
    text, label = _most_plausible(clean, declared, guess if sure else "")
    right = not declared or label in declared
    return text, label, "" if right else f"declared {declared[0]} but is {label}"


def _readings(
    data: bytes, declared: list[str], guess: str
) -> tuple[list[_Reading], list[tuple[float, _Reading]]]:
    """Return the clean readings, and all readings with their share of broken characters."""
    certain = (_utf16_guess(data), "iso-2022-jp" if b"\x1b$" in data else "", "utf-8")
    clean: list[_Reading] = []
    broken: list[tuple[float, _Reading]] = []
    for label in dict.fromkeys([*certain, *declared, guess, "windows-1252"]):
        if not _canonical(label) or (label == "windows-1252" and clean and label not in (*declared, guess)):
            continue
        text = _decode_as(data, label)
        share = _broken_share(text)
        broken.append((share, (text, label)))
        if share > _BROKEN_SHARE:
            continue
        if label in certain:  # none of these reads cleanly by chance
            return [(text, label)], broken
        clean.append((text, label))
    return clean, broken


def _decode_as(data: bytes, label: str) -> str:
    return data.decode("utf-8", "replace") if label == "utf-8" else codecs.decode(data, f"whatwg-{label}")


def _most_plausible(clean: list[_Reading], declared: list[str], guess: str) -> _Reading:
    """Choose among readings without broken characters, in the order of their claims.

    guess: the label of a confident detector, else "". A declared reading that is odder than another is out.
    Among equals the guess decides; otherwise a special charset wins over Latin-1, which many servers declare
    for everything.
    """
    labels: dict[str, str] = {}
    for text, label in clean:
        labels.setdefault(text, label)
    distinct = list(labels.items())
    if len(distinct) == 1:
        return distinct[0]
    odd = [oddness(text) for text, _ in distinct]
    claimed = [at for at, (_, label) in enumerate(distinct) if label in declared] or [0]
    best = min(odd[at] for at in claimed)
    others = [at for at in range(len(distinct)) if at not in claimed and odd[at] < best - _MUCH_ODDER]
    if others:
        return distinct[others[0]]
    equals = [distinct[at] for at in claimed if odd[at] <= best + _LITTLE_ODDER]
    guessed = next((text for text, label in clean if label == guess), "")
    equals = [reading for reading in equals if reading[0] == guessed] or equals
    return next((reading for reading in equals if reading[1] not in _LATIN), equals[0])


def _utf16_guess(data: bytes) -> str:
    """Return the byte order of UTF-16 without a byte-order mark, "" for anything else."""
    start = data[:64]
    if start[1::2].count(0) * 3 > len(start):
        return "utf-16le"
    return "utf-16be" if start[::2].count(0) * 3 > len(start) else ""


def _broken_share(text: str) -> float:
    """Return replacement and control characters as a share of the non-ASCII ones."""
    broken = text.count("\ufffd") + text.count("\x00")
    if not broken:
        return 0.0
    return broken / max(1, len(text) - len(text.encode("ascii", "ignore")) + text.count("\x00"))
