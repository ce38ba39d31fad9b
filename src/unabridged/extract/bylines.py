"""Who wrote an article, among all that a page says of authors."""

import re
from collections.abc import Iterable

from unabridged.extract.clues import Clues, Mark, Nearby, Says, ancestors_say, text_of
from unabridged.extract.people import (
    is_credit,
    is_site,
    key_of,
    looks_like_a_person,
    may_be_byline,
    split_names,
    strip_by,
)
from unabridged.extract.structured import Graph, names_of
from unabridged.extract.weigh import Candidate
from unabridged.model import Origin

MAX_MARKS = 30
LONGEST_BYLINE = 160

_META: dict[str, tuple[str, ...]] = {
    "author": ("author", "authors", "article.author", "article_author", "og:author", "content_author"),
    "article": ("article:author", "og:article:author", "article:author_name", "article:authors"),
    "parsely": ("parsely-author", "sailthru.author", "cxenseparse:author"),
    "dc": ("dc.creator", "dcterms.creator", "dc.contributor", "citation_author", "bepress_citation_author"),
    "other": (
        "byl",
        "byline",
        "rbauthors",
        "creator",
        "writer",
        "twitter:creator:name",
        "dcsext.author",
        "rnews:author",
    ),
}
_FEW = re.compile(r"\w")


class Bylines:
    """The candidates of one page: lists of names, by the set of their folded names."""

    def __init__(self, site_name: str) -> None:
        self.site_name = site_name
        self.found: dict[frozenset[str], Candidate[tuple[str, ...]]] = {}

    def add(self, names: Iterable[str], origin: Origin, *features: str) -> bool:
        kept = tuple(dict.fromkeys(name for name in names if _FEW.search(name) and len(name) <= 80))
        if not kept or len(self.found) >= 40:
            return False
        key = frozenset(map(key_of, kept))
        self.found.setdefault(key, Candidate(value=kept)).seen(origin, *features)
        return True

    def add_texts(self, texts: Iterable[str], origin: Origin, *features: str) -> bool:
        names = [name for text in texts for name in split_names(text)]
        return self.add(names, origin, *features)


def byline_candidates(
    clues: Clues, graph: Graph, nearby: Iterable[Nearby], site_name: str, feed_authors: tuple[str, ...] = ()
) -> list[Candidate[tuple[str, ...]]]:
    """Every list of names that may be the authors, with what speaks for it."""
    bylines = Bylines(site_name)
    _add_declared(bylines, clues, graph)
    _add_marked(bylines, clues)
    _add_near_headline(bylines, nearby)
    bylines.add_texts(feed_authors, "feed", "feed")
    _compare(bylines)
    return list(bylines.found.values())


def _add_declared(bylines: Bylines, clues: Clues, graph: Graph) -> None:
    for node, name in ((graph.article, "ld"), (graph.page, "ldpage")):
        for key in ("author", "creator"):
            pairs = names_of(graph, node.get(key))
            people = [text for text, kind in pairs if "organi" not in kind.lower()]
            if people:
                bylines.add_texts(people, "json-ld", f"{name}:{key}")
            elif pairs:
                bylines.add_texts([text for text, _ in pairs], "json-ld", f"{name}:{key}:org")
    for name, keys in _META.items():
        for key in keys:
            texts = [text for text in clues.metas.get(key, ()) if not re.match(r"https?:|www\.|@", text)]
            if texts:
                bylines.add_texts(texts, "meta", f"meta:{name}")
                if len(texts) > 1:
                    bylines.add_texts(texts[:1], "meta", f"meta:{name}:first")
    for number in "12":
        label = clues.meta(f"twitter:label{number}").lower()
        if re.match(
            r"written by|by|author|verfasst von|geschrieben|écrit par|escrito por|scritto da|door", label
        ):
            bylines.add_texts([clues.meta(f"twitter:data{number}")], "meta", "meta:twitter")


def _add_marked(bylines: Bylines, clues: Clues) -> None:
    """Elements that say by class, rel or property that they name an author."""
    headline = next((mark.order for mark in clues.headings if mark.element.tag == "h1"), 0)
    groups: dict[str, list[str]] = {}
    read = 0
    for mark in clues.marks:
        kind = _kind_of(mark)
        if not kind:
            continue
        read += 1
        if read > MAX_MARKS:
            break
        text = _author_text(mark)
        if not text or not split_names(text):
            continue
        around = ancestors_say(mark.element)
        noisy = ":noise" if (around | mark.flags) & Says.NOISE else ""
        gap = mark.order - headline
        near = "before" if gap < 0 else "near" if gap <= 25 else "mid" if gap <= 80 else "far"
        said, _ = strip_by(text)
        features = [f"{kind}{noisy}", f"{kind}:{near}{noisy}", *(["said:by"] if said else [])]
        known = groups.setdefault(kind + noisy, [])
        if not known:
            features.append(f"{kind}:first{noisy}")
        bylines.add_texts([text], "microdata" if kind == "itemprop" else "page", *features)
        if len(known) < 10 and text not in known:
            known.append(text)
    for kind, texts in groups.items():
        if len(texts) > 1:
            bylines.add_texts(texts, "page", f"{kind}:all")
            bylines.add_texts(texts[:2], "page", f"{kind}:two")


def _kind_of(mark: Mark) -> str:
    """Which promise of an author an element makes, "" for none."""
    prop = mark.prop
    if "author" in prop.split():
        return "rel" if (mark.element.attr("rel") or "").lower().find("author") >= 0 else "itemprop"
    if "creator" in prop and not prop.startswith("id:"):
        return "itemprop"
    if mark.flags & Says.AUTHOR:
        return "address" if mark.element.tag == "address" else "class"
    if prop.startswith("id:") and "author" in prop:
        return "id"
    return ""


def _author_text(mark: Mark) -> str:
    """The by-line inside an element: its itemprop=name or only link where it has one, else its text."""
    element = mark.element
    text = text_of(element, LONGEST_BYLINE)
    if not text:
        for child in element.select("[itemprop=name],[rel~=author],a")[:1]:
            return text_of(child, 80)
        return ""
    if len(text) > 40:
        for child in element.select("[itemprop=name],[rel~=author]")[:1]:
            return text_of(child, 80) or text
    return text


def _add_near_headline(bylines: Bylines, nearby: Iterable[Nearby]) -> None:
    """Plain texts after the headline that begin like a by-line ("By …", "Von …", "记者 …").

    A text that is nothing but "By" is joined with the name that follows, and with those after an "and".
    """
    joined: list[str] = []
    expected, place = False, ""
    for near in nearby:
        if not near.after:
            break
        text = near.text
        if expected:
            joined += [] if joined and _SOURCE.match(text) else [text]
            expected = False
            continue
        if joined and _JOINS.fullmatch(text):
            expected = True
            continue
        _add_plain(bylines, joined, f"text:joined:{place}")
        joined, place = [], "near" if near.place <= 12 else "far"
        if not may_be_byline(text):
            continue
        said, rest = strip_by(text)
        if said and not rest:
            expected = True
        elif said and len(text) <= LONGEST_BYLINE:
            _add_plain(bylines, [text], f"text:{place}")
    _add_plain(bylines, joined, f"text:joined:{place}")


_SOURCE = re.compile(r"(?:from|for|in|at|on|of)\s", re.I)
_JOINS = re.compile(
    r"[,;&+/、，]|and|und|et|y|e|och|og|en|и|і|та|ve|dan|và|ja|oraz|a|és|și|και|و|with|mit|avec", re.I
)


def _add_plain(bylines: Bylines, texts: Iterable[str], feature: str) -> None:
    names = [name for text in texts for name in split_names(text)]
    if names and all(looks_like_a_person(name) for name in names):
        bylines.add(names, "page", feature, "said:by")


def _compare(bylines: Bylines) -> None:
    """What the names themselves say, and how the lists of names stand to one another."""
    for key, candidate in bylines.found.items():
        names, add = candidate.value, candidate.features.add
        add(f"count:{min(len(names), 4)}")
        shaped = sum(looks_like_a_person(name) for name in names)
        add("shape:all" if shaped == len(names) else "shape:some" if shaped else "shape:none")
        credits = sum(is_credit(name) for name in names)
        if any(is_site(name, bylines.site_name) for name in names):
            add("is:site")
        if credits:
            add("credit:all" if credits == len(names) else "credit:some")
        if len(names) == 1:
            add(f"words:{min(len(names[0].split()), 5)}")
            if names[0].islower():
                add("lower")
        for other_key, other in bylines.found.items():
            if other is candidate:
                continue
            sources = {name.split(":")[0] for name in other.features} & _WITNESSES
            if key < other_key:
                candidate.features.update(f"part:{source}" for source in sources)
            elif other_key < key:
                candidate.features.update(f"holds:{source}" for source in sources)
        kinds = {name.split(":")[0] for name in candidate.features} & _WITNESSES
        add(f"kinds:{min(len(kinds), 3)}")


_WITNESSES = frozenset({"ld", "meta", "rel", "itemprop", "class", "text", "feed", "address"})
