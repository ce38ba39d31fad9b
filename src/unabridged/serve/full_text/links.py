"""Links in an article's body: kept, taken out, or listed as footnotes below the text. Pure."""

from collections.abc import Callable
from html import escape

from turbohtml import Element

from unabridged.extraction.html.dom import parse_body

MAX_NOTES = 1_000
"""Most links that become footnotes; later ones are taken out."""


def preserve(body: str) -> str:
    """Return a body as it is."""
    return body


def remove(body: str) -> str:
    """Return a body without links; their text stays."""
    root = parse_body(body)
    for link in _links(root):
        link.unwrap()
    return root.inner_html


def footnotes(body: str) -> str:
    """Return a body with a number after each linked text, and the addresses in a list at its end."""
    root = parse_body(body)
    notes: list[str] = []
    for link in _links(root):
        address = str(link.attr("href") or "")
        if address.startswith(("http://", "https://")) and link.text.strip() and len(notes) < MAX_NOTES:
            text = escape(" ".join(link.text.split()))
            notes.append(f'<li>{text}: <a href="{escape(address)}">{escape(address)}</a></li>')
            link.insert_adjacent_html("afterend", f"<sup>[{len(notes)}]</sup>")
        link.unwrap()
    listed = f"<hr><ol>{''.join(notes)}</ol>" if notes else ""
    return root.inner_html + listed


def _links(root: Element) -> list[Element]:
    return list(root.select("a"))


LINKS: dict[str, Callable[[str], str]] = {"preserve": preserve, "footnotes": footnotes, "remove": remove}
"""Values of the parameter `links`; any other means preserve."""
