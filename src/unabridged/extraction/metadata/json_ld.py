"""JSON-LD of a page: graphs as flat nodes, broken JSON repaired, and the node of the article."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import TypeAlias

import orjson

from unabridged.text.patterns import lazy_regex
from unabridged.text.words import letters_only

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
JsonNode: TypeAlias = dict[str, Json]

MAX_NODES = 3_000  # objects of one page that are examined; the fullest real graph of the corpora has 900
MAX_NAMES = 30

_TRAILING_COMMA = lazy_regex(r",(?=\s*[}\]])")
_WRAPPING = lazy_regex(
    r"^\s*(?:<!--|//\s*<!\[CDATA\[|<!\[CDATA\[|/\*.{0,40}\*/)+|(?:-->|//\s*\]\]>|\]\]>|"
    r"/\*.{0,40}\*/)+\s*;?\s*$"
)
_CONTROL = lazy_regex(r"[\x00-\x1f\u2028\u2029]+")
_SALVAGE = lazy_regex(r'"(datePublished|dateModified|headline|@type)"\s*:\s*"((?:[^"\\\n]|\\.){1,400})"')

# Keys under which objects of other pages stand; their articles are not this page's.
_ELSEWHERE = frozenset(
    "itemListElement comment review reviews relatedLink hasPart isPartOf publisher citation mentions about "
    "itemReviewed sourceOrganization breadcrumb potentialAction subjectOf isBasedOn significantLink "
    "suggestedAnswer "
    "acceptedAnswer associatedMedia relatedArticle recommended aggregateRating offers worksFor".split()
)
_ARTICLE = lazy_regex(
    r"(?:article|posting|report|review|blog|news|recipe|liveblogposting|creativework|opinion)$", re.I
)
_PAGE = lazy_regex(
    r"(?:webpage|itempage|profilepage|qapage|videoobject|podcastepisode|mediaobject|book|event|product)$",
    re.I,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """The objects of a page's JSON-LD.

    article: the node of this page's article, {} for none. page: the WebPage node. ids: @id -> node, for
    references. types: of the objects that belong to this page, in lower case.
    """

    article: JsonNode
    page: JsonNode
    ids: Mapping[str, JsonNode]
    nodes: tuple[JsonNode, ...] = ()
    types: frozenset[str] = frozenset()

    def resolve(self, value: Json) -> Json:
        """Return what a reference `{"@id": …}` refers to; any other value unchanged."""
        if isinstance(value, dict) and len(value) <= 2 and isinstance(key := value.get("@id"), str):
            return self.ids.get(key, value)
        return value


def read_graph(scripts: Iterable[str], title: str = "") -> Graph:
    """Parse JSON-LD scripts and choose the article's node: the one whose headline is in `title`, else the
    first."""
    nodes: list[tuple[JsonNode, bool]] = []
    for script in scripts:
        if len(nodes) < MAX_NODES:
            nodes.extend(_walk(parse_json(script), MAX_NODES - len(nodes)))
    ids: dict[str, JsonNode] = {}
    for node, _ in nodes:
        key = node.get("@id")
        if isinstance(key, str) and len(node) > len(ids.get(key, {})):
            ids[key] = node
    here = [(node, type_of(node)) for node, elsewhere in nodes if not elsewhere]
    articles = [node for node, kind in here if _ARTICLE.search(kind)]
    pages = [node for node, kind in here if _PAGE.search(kind)]
    return Graph(
        article=_choose(articles, title),
        page=_choose(pages, title),
        ids=ids,
        nodes=tuple(node for node, _ in nodes),
        types=frozenset(kind.lower() for _, kind in here),
    )


def parse_json(text: str) -> Json:
    """Parse a script, repairing near-JSON; of what cannot be repaired only the plain fields are read."""
    text = text.strip().lstrip("\ufeff")
    if not text:
        return None
    try:
        parsed: Json = orjson.loads(text)
        return parsed
    except orjson.JSONDecodeError:
        pass
    mended = _TRAILING_COMMA.sub("", _CONTROL.sub(" ", _WRAPPING.sub("", text))).strip().rstrip(";")
    try:
        first, _ = json.JSONDecoder(strict=False).raw_decode(mended)
        again: Json = first
        return again
    except (ValueError, RecursionError):
        pass
    fields: JsonNode = {}
    for found in _SALVAGE.finditer(mended[:200_000]):
        fields.setdefault(found[1], found[2])
    return fields or None


def _walk(root: Json, remaining: int) -> Iterator[tuple[JsonNode, bool]]:
    """Yield every object with a type or id, in document order, and whether it belongs to another page."""
    stack: list[tuple[Json, bool]] = [(root, False)]
    steps = remaining * 20
    while stack and remaining and steps:
        value, elsewhere = stack.pop()
        steps -= 1
        if isinstance(value, list):
            stack.extend((item, elsewhere) for item in reversed(value[:500]))
        elif isinstance(value, dict):
            if "@type" in value or "@id" in value:
                remaining -= 1
                yield value, elsewhere
            inner = [
                (item, elsewhere or key in _ELSEWHERE)
                for key, item in value.items()
                if isinstance(item, (list, dict))
            ]
            stack.extend(reversed(inner[:100]))


def _choose(nodes: list[JsonNode], title: str) -> JsonNode:
    """Return the node of this page: its headline is part of the page's title, else the first with a date or
    headline."""
    folded = letters_only(title[:300])
    for node in nodes:
        headline = letters_only(first_text(node, "headline", "name")[:300])
        if len(headline) > 10 and (headline in folded or (len(folded) > 10 and folded in headline)):
            return node
    dated = [node for node in nodes if "datePublished" in node or "headline" in node]
    return next(iter(dated or nodes), {})


def type_of(node: JsonNode) -> str:
    """Return the type of a node, the most specific of several, without its namespace."""
    kinds = node.get("@type")
    if isinstance(kinds, str):
        return _bare_type(kinds)
    names = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
    bare = [_bare_type(name) for name in names]
    return next((name for name in bare if _ARTICLE.search(name)), bare[0] if bare else "")


def _bare_type(name: str) -> str:
    return _NAMESPACE.split(name)[-1] if "/" in name or ":" in name or "#" in name else name


_NAMESPACE = lazy_regex(r"[/:#]")


def first_text(node: JsonNode, *keys: str) -> str:
    """Return the first of these fields that is a text (or a list beginning with one, or {"@value": …})."""
    for key in keys:
        value = node.get(key)
        if isinstance(value, list) and value:
            value = value[0]
        if isinstance(value, dict):
            value = value.get("@value")
        if isinstance(value, str) and value.strip():
            return unescape_entities(value).strip()
    return ""


_ENTITY = lazy_regex(r"&(?:[a-z]{2,8}|#\d{2,6}|#x[0-9a-f]{2,5});", re.I)


def unescape_entities(text: str) -> str:
    """Decode entities that were escaped once too often ("Politics &amp;amp; Government")."""
    for _ in range(2):
        if "&" not in text or not _ENTITY.search(text):
            break
        text = unescape(text)
    return text


def names_of(graph: Graph, value: Json) -> tuple[tuple[str, str], ...]:
    """Return (name, type) of the people or organisations in an author field."""
    found: list[tuple[str, str]] = []
    stack = [value]
    for _ in range(200):  # references may form a cycle
        if not stack or len(found) >= MAX_NAMES:
            break
        item = graph.resolve(stack.pop(0))
        if isinstance(item, str):
            found.append((item, ""))
        elif isinstance(item, list):
            stack = [*item[:MAX_NAMES], *stack]
        elif isinstance(item, dict):
            name = item.get("name") or item.get("alternateName")
            if isinstance(name, list):
                found.extend((n, type_of(item)) for n in name[:MAX_NAMES] if isinstance(n, str))
            elif isinstance(name, dict):
                stack = [name.get("@value"), *stack]
            elif isinstance(name, str):
                found.append((name, type_of(item)))
            elif isinstance(item.get("@value"), str):
                stack = [item["@value"], *stack]
            elif item.get("givenName"):
                full = f"{item.get('givenName')} {item.get('familyName') or ''}"
                found.append((full.strip(), "Person"))
    return tuple((unescape_entities(name).strip(), kind) for name, kind in found if name.strip())


def image_of(graph: Graph, value: Json) -> list[str]:
    """Return the URLs of an image field: text, ImageObject, reference or list of these."""
    found: list[str] = []
    stack = [value]
    for _ in range(100):  # references may form a cycle
        if not stack or len(found) >= 10:
            break
        item = graph.resolve(stack.pop(0))
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, list):
            stack = [*item[:10], *stack]
        elif isinstance(item, dict):
            stack = [
                item.get("url") or item.get("contentUrl") or (item.get("@id") if len(item) > 2 else None),
                *stack,
            ]
    return [address for address in found if address]
