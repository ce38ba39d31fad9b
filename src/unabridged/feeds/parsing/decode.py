"""Bytes of a feed to text, by whichever of its statements about its encoding is true."""

import codecs
import re
from dataclasses import dataclass

from turbohtml.detect import detect


@dataclass(frozen=True, slots=True, kw_only=True)
class Decoded:
    """Text with the name of the codec that read it and what had to be overruled on the way."""

    text: str
    encoding: str
    notes: tuple[str, ...] = ()


# Labels that name a smaller set than what their users really write (WHATWG Encoding, section 4.2).
_WIDER = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "hz": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "johab": "cp949",
    "big5": "big5hkscs",
}
_ALIASES = {
    "windows-31j": "cp932",
    "x-sjis": "cp932",
    "ks_c_5601": "cp949",
    "ks_c_5601-1989": "cp949",
    "x-gbk": "gb18030",
    "x-big5": "big5hkscs",
    "x-euc-jp": "euc_jp",
    "macintosh": "mac_roman",
    "x-mac-cyrillic": "mac_cyrillic",
    "unicode": "utf-16",
    "unicode-1-1-utf-8": "utf-8",
}
# Text codecs of Python that are no charset of the web: slow on long input, or they run escapes.
_NEVER = frozenset(
    {"idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined", "utf-7", "mbcs", "oem"}
)

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16 LE, whose mark it begins with
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
)
# XML 1.0, appendix F: how "<?", or "<" and any letter, begins without a mark.
_SHAPES = (
    (re.compile(rb"\x00\x00\x00<"), "utf-32-be"),
    (re.compile(rb"[<{]\x00\x00\x00"), "utf-32-le"),
    (re.compile(rb"\x00[<{]\x00[^\x00]"), "utf-16-be"),
    (re.compile(rb"[<{]\x00[^\x00]\x00"), "utf-16-le"),
    (re.compile(rb"\x4c\x6f\xa7\x94"), "cp037"),
)
_DECLARATION = re.compile(
    rb"<\?xml\b[^>]{0,200}?\bencoding\s*=\s*[\"']\s*([A-Za-z0-9._:+-]{1,40})", re.IGNORECASE
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9._:+-]{1,40})", re.IGNORECASE)
_DECLARATION_WITHIN = 4096
_SAMPLE_BYTES = 65536


def decode(data: bytes, content_type: str | None = None) -> Decoded:
    """Return the text: a byte order mark wins over the HTTP charset, that over the declaration.

    The declaration wins where bytes or a detector bear it out, or where HTTP names a server's default.

    A statement that the bytes contradict is overruled, with a note. Bytes about which nothing is
    said are UTF-8 if they can be, else what a detector thinks.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _by_mark(data[len(mark) :], encoding)
    for shape, encoding in _SHAPES:
        if shape.match(data):
            return _by_mark(data, encoding)
    stated = _by_trust(data, _stated(data, content_type))
    if all(name == "utf-8" for name in stated) or not _narrow(stated[0]):
        return _by_statement(data, stated)
    return _by_doubt(data, stated)


def _stated(data: bytes, content_type: str | None) -> list[str]:
    """Return the charsets that HTTP and the declaration name and Python knows, in that order."""
    names = _CHARSET.findall(content_type or "")[:1]
    declared = _DECLARATION.search(data, 0, _DECLARATION_WITHIN)
    if declared:
        names.append(declared[1].decode("ascii"))
    known = [codec_name(name) for name in names]
    # A charset of two or four bytes would have shown itself in the first bytes: such a label is wrong.
    return [name for name in known if name and not name.startswith(("utf-16", "utf-32"))]


def _by_trust(data: bytes, stated: list[str]) -> list[str]:
    """Return the charsets of HTTP and the declaration, the one to try first at the front."""
    if len(stated) < 2 or stated[0] == stated[1]:
        return stated
    http, declared = stated
    if "utf-8" in stated and _is_wide_utf8(data):
        return ["utf-8", http if declared == "utf-8" else declared]
    if _narrow(declared) or declared == "utf-8":
        return stated
    return [declared, http] if _narrow(http) or _bears_out(data[:_SAMPLE_BYTES], declared) else stated


def _bears_out(sample: bytes, name: str) -> bool:
    """Return True if a detector reads the same text as this codec (KOI8-R and KOI8-U mostly agree)."""
    detected = codec_name(detect(sample).encoding or "")
    return detected is not None and sample.decode(detected, "replace") == sample.decode(name, "replace")


def _is_wide_utf8(data: bytes) -> bool:
    """Return True for bytes that are UTF-8 and not just ASCII: chance does not make long UTF-8 sequences."""
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def codec_name(label: str) -> str | None:
    """Return Python's codec for a charset label of the web, None for one that does not exist."""
    lower = label.strip().lower()
    try:
        name = codecs.lookup(_ALIASES.get(lower, lower)).name
    except (LookupError, ValueError):
        return None
    return None if name in _NEVER else _WIDER.get(name, name)


def _narrow(name: str) -> bool:
    """Say whether a label is one that software writes without looking (Latin-1 over UTF-8 bytes)."""
    return name in ("cp1252", "iso8859-15")


def _by_mark(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(text=data.decode(encoding), encoding=encoding)
    except UnicodeDecodeError:
        text = data.decode(encoding, "replace")
        return Decoded(text=text, encoding=encoding, notes=(f"bytes that are no {encoding} replaced",))


def _by_statement(data: bytes, stated: list[str]) -> Decoded:
    for name in dict.fromkeys([*stated, "utf-8"]):
        try:
            text = data.decode(name)
        except (UnicodeDecodeError, LookupError):
            continue
        notes = () if not stated or name == stated[0] else (f"declared as {stated[0]}, read as {name}",)
        return Decoded(text=text, encoding=name, notes=notes)
    return _by_detection(data, stated)


def _by_doubt(data: bytes, stated: list[str]) -> Decoded:
    """Read a feed that calls itself Latin-1: chance does not make long UTF-8 sequences."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return Decoded(text=_western(data, stated[0]), encoding=stated[0])
    if text.isascii():
        return Decoded(text=text, encoding=stated[0])
    return Decoded(text=text, encoding="utf-8", notes=(f"declared as {stated[0]}, read as utf-8",))


def _by_detection(data: bytes, stated: list[str]) -> Decoded:
    """Read bytes that are no UTF-8 and not what they claim to be."""
    claimed = [name for name in stated if name != "utf-8"]
    claim = f"declared as {stated[0]}" if stated else "no encoding declared"
    if _mostly_utf8(data, declared="utf-8" in stated):
        text = data.decode("utf-8", STRAY_BYTES)
        return Decoded(text=text, encoding="utf-8", notes=(f"{claim}, read as utf-8; bad bytes replaced",))
    name = claimed[0] if claimed else codec_name(detect(data[:_SAMPLE_BYTES]).encoding or "") or "cp1252"
    text = _western(data, name) if name == "cp1252" else data.decode(name, "replace")
    return Decoded(text=text, encoding=name, notes=(f"{claim}, read as {name}; bad bytes replaced",))


STRAY_BYTES = "unabridged.stray_bytes"
"""Error handler that reads a lone byte inside UTF-8 as windows-1252 ("Jo\\xe3o" is "João").

Parts of a longer character that was cut become U+FFFD: as letters they would be noise.
"""


def _read_stray_byte(exc: UnicodeError) -> tuple[str, int]:
    if not isinstance(exc, UnicodeDecodeError):
        raise exc
    data, start, end = exc.object, exc.start, exc.end
    before = data[start - 1 : start] if start else b""
    lone = end - start == 1 and before.isascii() and data[end : end + 1].isascii() and end < len(data)
    return (_western(data[start:end], "cp1252") if lone else "\ufffd"), end


codecs.register_error(STRAY_BYTES, _read_stray_byte)


def _mostly_utf8(data: bytes, *, declared: bool) -> bool:
    """Say whether a text is UTF-8 with a few bad bytes (a cut in the middle of a character)."""
    sample = data[:_SAMPLE_BYTES]
    text = sample.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    wide = sum(1 for character in text if character > "\x7f") - bad
    return bad <= wide if declared else bad * 3 < wide


def _western(data: bytes, name: str) -> str:
    """Decode windows-1252 with the five bytes it leaves open as the controls they are in Latin-1."""
    try:
        return data.decode(name)
    except UnicodeDecodeError:
        return data.decode("latin-1").translate(_C1)


_C1 = {
    code: bytes([code]).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
