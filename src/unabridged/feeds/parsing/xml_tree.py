"""Text of an XML feed to the root of its tree, without ever expanding an entity."""

import html.entities
import re
from dataclasses import dataclass

from lxml import etree

from unabridged.errors import FeedError

MAX_DEPTH = 200
"""Deepest nesting of elements that is read; real feeds with XHTML inside stay under 60."""

MAX_ATTRIBUTES = 256
"""Most attributes of one tag; real feeds stay under 30."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tree:
    """The root element, what was mended to get it, and whether the text broke off before its end."""

    root: etree._Element
    notes: tuple[str, ...] = ()
    cut_off: bool = False


# Every pattern below that looks for an end also takes the end of the text for one: otherwise a text of
# a million beginnings without an end would be read a million times.

# One tag with too many attributes. Possessive, so that a hostile text is read once.
_CROWDED = re.compile(
    r"<[A-Za-z_:][^\s<>/]*+"
    r"(?:\s++[^\s=<>\"'/]++\s*+=\s*+(?:\"[^\"<]*+\"|'[^'<]*+'|[^\s\"'<>]++)){"
    f"{MAX_ATTRIBUTES + 1}}}"
)
_LONG = re.compile(r"<[A-Za-z_:][^<]{1024}")  # 257 attributes are at least as long
_TOO_DEEP = etree.XPath("boolean(" + "/*" * (MAX_DEPTH + 1) + ")")


def read_tree(body: str) -> Tree | None:
    """Return the tree of an XML text without prolog (see `strip_prolog`); None when there is no root.

    Raises FeedError for markup made to exhaust a reader: nesting or attributes past the limits.
    """
    notes: tuple[str, ...] = ()
    if any(_CROWDED.match(body, long.start()) for long in _LONG.finditer(body)):
        raise FeedError(f"The feed has a tag with more than {MAX_ATTRIBUTES} attributes; it was not read.")
    data = body.encode("utf-8", "replace")
    root = _parse(data, recover=False)
    cut_off = False
    if root is None:
        mended, mends = mend(body)
        notes += mends
        root, cut_off = _parse(mended.encode(), recover=True), not _closes(mended)
        if cut_off:
            notes += ("the document breaks off before its end",)
    if root is None:
        return None
    if _TOO_DEEP(root):
        raise FeedError(f"The feed nests elements more than {MAX_DEPTH} deep; it was not read.")
    if _may_hold_c1(body, data) and _restore_c1(root):
        notes += ("characters of another encoding restored",)
    return Tree(root=root, notes=notes, cut_off=cut_off)


def _parse(data: bytes, *, recover: bool) -> etree._Element | None:
    # huge_tree keeps text nodes over 10 MB whole; the caller has capped the bytes, and without a DTD
    # nothing in the text can grow. libxml2 2.14 is linear in depth and attributes (measured: 200,000
    # attributes in 0.1 s; nesting stops at 2,048).
    parser = etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=True,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as exc:
        if exc.code == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from exc
        if "Excessive depth" in str(exc):
            raise FeedError(f"The feed nests elements more than {MAX_DEPTH} deep; it was not read.") from exc
        return None


_C1 = re.compile(r"[\x80-\x9f]")
_C1_BYTES = re.compile(rb"\xc2[\x80-\x9f]")
_C1_REFERENCE = re.compile(rb"&#(?:1[2-5]\d|x0*[89][0-9a-fA-F]);")
_WINDOWS = {code: bytes([code]).decode("cp1252", "ignore") or chr(code) for code in range(0x80, 0xA0)}


def _may_hold_c1(body: str, data: bytes) -> bool:
    return bool((not body.isascii() and _C1_BYTES.search(data)) or _C1_REFERENCE.search(data))


def _restore_c1(root: etree._Element) -> bool:
    """Put right text that holds C1 controls, which nobody writes on purpose; say whether there was any.

    They are UTF-8 that was taken for Latin-1, or bytes of windows-1252 given as characters.
    """
    found = False
    for element in root.iter(etree.Element):
        text, tail = _restored(element.text), _restored(element.tail)
        if text != element.text or tail != element.tail:
            element.text, element.tail = text, tail
            found = True
    return found


def _restored(text: str | None) -> str | None:
    if text is None or text.isascii() or not _C1.search(text):
        return text
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return text.translate(_WINDOWS)


_BEGINNING = re.compile(r"<\?xml\s|<(?:[A-Za-z][\w.-]*:)?(?:rss|feed|rdf|channel)[\s>]", re.IGNORECASE)
_PROLOG_ITEM = re.compile(r"\s+|<\?.*?(?:\?>|\Z)|<!--.*?(?:-->|\Z)", re.DOTALL)
_DTD_TOKEN = re.compile(r"\"[^\"]*+\"|'[^']*+'|<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|[\[\]>]", re.DOTALL)
_SEARCH_BEGINNING_WITHIN = 65536


def strip_prolog(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text from its root on: no declaration, no DTD, nothing that a server printed before."""
    notes: list[str] = []
    position = 0
    start = _BEGINNING.search(text, 0, _SEARCH_BEGINNING_WITHIN)
    if start and _junk_before(text[: start.start()]):
        notes.append("text before the XML declaration dropped")
        position = start.start()
    while True:
        item = _PROLOG_ITEM.match(text, position)
        if item:
            position = item.end()
        elif text[position : position + 9].upper() == "<!DOCTYPE":
            position = _end_of_dtd(text, position + 9)
            notes.append("DTD stripped")
        else:
            return text[position:], tuple(notes)


def _junk_before(head: str) -> bool:
    """Say whether something other than comments, instructions and a DTD precedes the beginning."""
    rest = _PROLOG_ITEM.sub("", head)
    return bool(rest) and rest[:9].upper() != "<!DOCTYPE"


def _end_of_dtd(text: str, position: int) -> int:
    depth = 0
    for token in _DTD_TOKEN.finditer(text, position):
        mark = token[0]
        if mark == "[":
            depth += 1
        elif mark == "]":
            depth -= 1
        elif mark == ">" and depth <= 0:
            return token.end()
    following = text.find(">", position)
    return len(text) if following < 0 else following + 1


_VERBATIM = re.compile(r"(<!\[CDATA\[.*?(?:\]\]>|\Z)|<!--.*?(?:-->|\Z))", re.DOTALL)
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_REFERENCE = re.compile(r"&(?:#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}))|([A-Za-z][A-Za-z0-9]{1,31}));|&")
_NUMBER_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,9}));")
_BARE_LESS = re.compile(r"<(?![A-Za-z_:/!?])|<(?=[^<>\"'=]*<)")
_XML_NAMES = frozenset({"amp", "lt", "gt", "quot", "apos"})


def mend(text: str) -> tuple[str, tuple[str, ...]]:
    """Return the text with the commonest faults of hand-made feeds put right, and what they were.

    Controls and references to them go; HTML's named entities become their characters; any other
    ampersand and a `<` that starts no tag are taken for text.
    """
    notes: list[str] = []
    clean = _ILLEGAL.sub("", text)
    if len(clean) != len(text):
        notes.append("control characters dropped")
    pieces = _VERBATIM.split(clean)
    for index in range(0, len(pieces), 2):
        pieces[index] = _BARE_LESS.sub("&lt;", _REFERENCE.sub(_legal_reference, pieces[index]))
    # What looks verbatim may stand inside a tag, where the parser does read references.
    mended = _NUMBER_REFERENCE.sub(_legal_number, "".join(pieces))
    if mended != clean:
        notes.append("references or bare markup characters mended")
    return mended, tuple(notes) or ("malformed XML read as far as it goes",)


def _legal_reference(match: re.Match[str]) -> str:
    hexadecimal, decimal, name = match.groups()
    if name:
        return match[0] if name in _XML_NAMES else _named(name)
    if not hexadecimal and not decimal:
        return "&amp;"
    return _legal_number(match)


def _legal_number(match: re.Match[str]) -> str:
    hexadecimal, decimal = match.group(1, 2)
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    return match[0] if _legal(code) else ""


def _named(name: str) -> str:
    character = html.entities.html5.get(name + ";")
    if character is None:
        return f"&amp;{name};"
    return "".join(f"&#{ord(c)};" for c in character)


def _legal(code: int) -> bool:
    """Say whether XML 1.0 allows the character (production 2)."""
    if code < 0x20:
        return code in (0x9, 0xA, 0xD)
    return code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or 0x10000 <= code <= 0x10FFFF


_ROOT_NAME = re.compile(r"<([^\s<>/]{1,64})")


def _closes(text: str) -> bool:
    """Say whether the root's end tag is there."""
    name = _ROOT_NAME.match(text)
    return name is None or f"</{name[1]}" in text
