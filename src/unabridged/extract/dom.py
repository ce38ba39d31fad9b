"""The wall around the HTML parser: bytes of any charset in, one tree out.

Nothing else imports turbohtml for parsing. Decoding order: byte-order mark; UTF-8 if the bytes are
valid UTF-8 (other charsets hardly ever are by accident, so a wrong declaration is overruled);
the HTTP header's charset; the page's own declaration; detection. Labels mean what browsers make of them
(https://encoding.spec.whatwg.org/: gb2312 is GB18030, shift_jis is code page 932, iso-8859-1 is
windows-1252), and a declaration that leaves too many broken characters is not believed.

The tree may be as deep as the page likes (the parser has no limit): walk it with a stack, not with recursion.
"""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import turbohtml
from turbohtml import Document, Element, Node, Text
from turbohtml.detect import detect

from unabridged.errors import NotAPage

__all__ = ["Document", "Dom", "Element", "Node", "Text", "decode", "parse"]

MAX_BYTES = 16 * 1024 * 1024
"""Markup beyond this many bytes is cut off; the longest real page of our corpora has 8 MB."""

_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_HTTP_CHARSET = re.compile(r"""charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", re.IGNORECASE)
_SURROGATE = re.compile("[\ud800-\udfff]")
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MAGIC = (b"%PDF-", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd")
_LATIN = frozenset(
    "iso-8859-1 iso8859-1 iso-8859-15 windows-1252 cp1252 latin1 latin-1 us-ascii ascii".split()
)
_EAST_ASIAN = frozenset("gbk gb18030 big5 shift_jis euc-jp euc-kr iso-2022-jp".split())
_DETECTION_WINDOW = 200_000
_DECLARATION_WINDOW = 4096  # the standard says 1024; real pages put long comments and scripts before it
_BROKEN_SHARE = 0.02  # of the non-ASCII characters: more replacement characters than that is a wrong charset


@dataclass(frozen=True, slots=True, kw_only=True)
class Dom:
    """A parsed page. document: turbohtml's tree; encoding: how bytes were read ("" for text input).

    notes: what had to be mended ("declared gb2312 but is utf-8"), for the record.
    """

    document: Document
    encoding: str = ""
    notes: tuple[str, ...] = ()

    @property
    def root(self) -> Element:
        """The html element (the parser always makes one)."""
        root = self.document.root
        if root is None:
            raise NotAPage("The page has no root element; it is empty.")
        return root

    @property
    def body(self) -> Element:
        """The body element, or the root where there is none (framesets)."""
        for child in self.root:
            if isinstance(child, Element) and child.tag == "body":
                return child
        return self.root

    def select(self, selector: str) -> list[Element]:
        """All elements of a CSS selector, in document order."""
        return self.document.select(selector)

    def elements(self, tags: str | Iterable[str] | None = None) -> Iterator[Element]:
        """All elements with one of these tags, in document order, without building the others."""
        return self.document.iter_elements(tags)


def parse(html: bytes | str, *, content_type: str | None = None) -> Dom:
    """Read a page into a tree.

    content_type: the HTTP header's value, for its charset. Raises NotAPage for empty or binary input.
    """
    notes: list[str] = []
    if len(html) > MAX_BYTES:
        notes.append(f"cut at {MAX_BYTES} bytes")
        html = html[:MAX_BYTES]
    encoding = ""
    if isinstance(html, bytes):
        html, encoding, note = decode(html, content_type=content_type)
        notes += [note] if note else []
    elif not html.isascii() and _SURROGATE.search(html):
        html = _SURROGATE.sub("\ufffd", html)
    if not html.strip("\x00\ufeff \t\r\n\f"):
        raise NotAPage("The page is empty: nothing to make an article from.")
    document = turbohtml.parse(html, positions=False)
    return Dom(document=document, encoding=encoding, notes=tuple(notes))


def decode(data: bytes, *, content_type: str | None = None) -> tuple[str, str, str]:
    """Text, the encoding used, and a note where the declaration was wrong ("" where it was right)."""
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), name, ""
    _refuse_binary(data)
    declared = _declared(data, content_type)
    if not (_utf16_guess(data) or b"\x1b$" in data):
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            wrong = declared and not data.isascii() and _canonical(declared[0]) not in ("utf-8", "")
            return text, "utf-8", f"declared {declared[0]} but is utf-8" if wrong else ""
    return _decode_other(data, declared)


def _refuse_binary(data: bytes) -> None:
    start = data[:1024]
    if start.startswith(_MAGIC):
        raise NotAPage("The page is no HTML but a binary file (PDF, picture or archive).")
    controls = sum(start.count(bytes((byte,))) for byte in (0, 1, 2, 3, 4, 5, 6, 7, 14, 15, 16, 17, 18))
    if controls * 10 > len(start) and b"<\x00" not in start and b"\x00<" not in start:
        raise NotAPage("The page is no HTML but binary data (control characters).")


def _declared(data: bytes, content_type: str | None) -> list[str]:
    """Charset labels claimed for these bytes, the HTTP header's first."""
    labels = [found[1] for found in [_HTTP_CHARSET.search(content_type or "")] if found]
    found = _DECLARED.search(data[:_DECLARATION_WINDOW])
    if found:
        labels.append(found[1].decode("ascii"))
    return [label.lower() for label in labels]


def _canonical(label: str) -> str:
    """The name of a label in the WHATWG table as Python writes it, "" for an unknown label."""
    try:
        codecs.lookup(f"whatwg-{label}")
    except LookupError:
        return ""
    return "utf-8" if label in ("utf-8", "utf8", "unicode-1-1-utf-8") else label


def _decode_other(data: bytes, declared: list[str]) -> tuple[str, str, str]:
    """Not valid UTF-8: the first claim that reads cleanly, else detection, else the least broken."""
    readings: list[tuple[float, str, str]] = []
    escaped = "iso-2022-jp" if b"\x1b$" in data else ""
    guess = (detect(_DECLARED.sub(b"", data[:_DETECTION_WINDOW])).encoding or "").lower()
    for label in dict.fromkeys([_utf16_guess(data), escaped, *declared, "utf-8", guess, "windows-1252"]):
        if not _canonical(label) or _mistaken_single_byte(label, guess, declared):
            continue
        text = data.decode("utf-8", "replace") if label == "utf-8" else codecs.decode(data, f"whatwg-{label}")
        broken = _broken_share(text)
        if broken <= _BROKEN_SHARE:
            right = not declared or label in declared
            return text, label, "" if right else f"declared {declared[0]} but is {label}"
        readings.append((broken, label, text))
    broken, label, text = min(readings, key=lambda reading: reading[0])
    return text, label, f"{broken:.0%} of the non-ASCII characters could not be read as {label}"


def _mistaken_single_byte(label: str, guess: str, declared: list[str]) -> bool:
    """Whether a one-byte Latin claim (which never fails to decode) hides a two-byte East Asian text."""
    return label in declared and label in _LATIN and guess in _EAST_ASIAN


def _utf16_guess(data: bytes) -> str:
    """The byte order of UTF-16 without a mark, "" for anything else."""
    start = data[:64]
    if start[1::2].count(0) * 3 > len(start):
        return "utf-16le"
    return "utf-16be" if start[::2].count(0) * 3 > len(start) else ""


def _broken_share(text: str) -> float:
    """Replacement and control characters as a share of the non-ASCII ones."""
    broken = text.count("\ufffd") + text.count("\x00")
    if not broken:
        return 0.0
    return broken / max(1, len(text) - len(text.encode("ascii", "ignore")) + text.count("\x00"))
