"""Plain text of feeds as HTML: paragraphs, line breaks and links."""

import html
import re
from collections.abc import Iterable

from unabridged.urls import web_address

_LINK = re.compile(r"(?<![\w@/.])(?:https?://|www\.(?=[\w-]+\.))[^\s<>\"“”«»]+", re.IGNORECASE)
_CLOSING = {")": "(", "]": "[", "}": "{"}
_END_MARKS = ".,:;!?'’…*_~|"
_BLANK_LINES = re.compile(r"\n[ \t]*\n\s*")
_LINE_BREAK = re.compile(r"[ \t]*\n[ \t]*")
_SPACES = re.compile(r"[ \t]+")


def paragraphs(text: str) -> str:
    """Return plain text as HTML: blank lines separate paragraphs, single line breaks are kept.

    Web addresses become links. All other characters are escaped.
    """
    return _joined(part.replace("\n", "<br>") for part in _parts(text))


def reflowed(text: str) -> str:
    """Return plain text as HTML in which only blank lines count, as in the source of an HTML page."""
    return _joined(_parts(text))


def _parts(text: str) -> list[str]:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n\n")
    parts = (_LINE_BREAK.sub("\n", part.strip()) for part in _BLANK_LINES.split(lines))
    return [linked(_SPACES.sub(" ", part)) for part in parts if part]


def _joined(parts: Iterable[str]) -> str:
    found = list(parts)
    return "".join(f"<p>{part}</p>" for part in found) if len(found) > 1 else "".join(found)


def linked(text: str) -> str:
    """Return one run of plain text as HTML with its web addresses as links."""
    if "://" not in text and "www." not in text.lower():
        return html.escape(text, quote=False)
    parts: list[str] = []
    position = 0
    for match in _LINK.finditer(text):
        shown = _without_end_marks(match[0])
        target = web_address(shown if "://" in shown else f"http://{shown}")
        if target is None:
            continue
        parts.append(html.escape(text[position : match.start()], quote=False))
        parts.append(f'<a href="{html.escape(target)}">{html.escape(shown, quote=False)}</a>')
        position = match.start() + len(shown)
    parts.append(html.escape(text[position:], quote=False))
    return "".join(parts)


def _without_end_marks(address: str) -> str:
    """Return an address without the punctuation of the sentence around it; brackets that it opens stay."""
    end = len(address)
    while end:
        last = address[end - 1]
        opening = _CLOSING.get(last)
        unopened = opening is not None and address.count(last, 0, end) > address.count(opening, 0, end)
        if last not in _END_MARKS and not unopened:
            break
        end -= 1
    return address[:end]
