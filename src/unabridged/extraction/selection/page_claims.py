"""Claims of a page's head about its article: title, description, and the text in its structured data."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from unabridged.extraction.html.dom import Dom

MAX_JSON_NODES = 20_000
MAX_HEAD = 5_000
"""Maximum elements of the head that are read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadClaims:
    """titles: the title element's and the sharing titles. body: the longest articleBody of JSON-LD, or "".

    types: the JSON-LD and OpenGraph types, lower case.
    """

    titles: tuple[str, ...] = ()
    description: str = ""
    body: str = ""
    types: tuple[str, ...] = ()


def read_head_claims(dom: Dom) -> HeadClaims:
    """Read the head's claims about the article; malformed ones are ignored."""
    titles: list[str] = []
    descriptions: list[str] = []
    types: list[str] = []
    for element in islice(dom.elements(("title", "meta")), MAX_HEAD):
        if element.tag == "title":
            titles.append(" ".join(element.text.split()))
            continue
        name = element.attr("property") or element.attr("name")
        if not name:
            continue
        name = name.lower()
        if name in ("og:title", "twitter:title"):
            titles.append(" ".join((element.attr("content") or "").split()))
        elif name in ("description", "og:description", "twitter:description"):
            descriptions.append(" ".join((element.attr("content") or "").split()))
        elif name == "og:type":
            types.append((element.attr("content") or "").lower())
    body = ""
    for key, value in _strings(dom.document.json_ld()):
        if key == "articleBody" and len(value) > len(body):
            body = value
        elif key == "@type":
            types.append(value.lower())
    return HeadClaims(
        titles=tuple(dict.fromkeys(filter(None, titles))),
        description=max(descriptions, key=len, default=""),
        body=body,
        types=tuple(types),
    )


def _strings(value: object) -> Iterator[tuple[str, str]]:
    """Yield all (key, string) pairs of a JSON value, up to a limit."""
    stack: list[tuple[str, object]] = [("", value)]
    seen = 0
    while stack and seen < MAX_JSON_NODES:
        key, value = stack.pop()
        seen += 1
        if isinstance(value, str):
            yield key, value
        elif isinstance(value, dict):
            stack += value.items()
        elif isinstance(value, list):
            stack += [(key, item) for item in value]
