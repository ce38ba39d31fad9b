"""Author candidates of an article, from declarations, marked-up by-lines and texts near the headline."""

import re
from collections.abc import Iterable, Iterator

from unabridged.extraction.html.dom import Dom
from unabridged.extraction.metadata.byline_texts import (
    A_LETTER,
    CERTAIN,
    LONGEST_BYLINE,
    AuthorCandidates,
    Site,
    add_bare_names,
    add_late,
    add_near_headline,
    add_site_byline,
    said_as,
)
from unabridged.extraction.metadata.json_ld import Graph, names_of, type_of
from unabridged.extraction.metadata.names import (
    is_credit,
    looks_like_a_person,
    name_key,
    split_names,
    strip_by_words,
)
from unabridged.extraction.metadata.other_pages import is_of_answer
from unabridged.extraction.metadata.scan import (
    ClassHint,
    MarkedElement,
    NearbyText,
    PageScan,
    ancestor_hints,
    visible_text,
)
from unabridged.extraction.metadata.scoring import FieldCandidate
from unabridged.text.patterns import lazy_regex

MAX_MARKS = 30

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
_COUNTED = lazy_regex(
    r"\d.*\b(?:badges?|reputation|points?|karma|posts|followers|rep|level)\b|\d,\d{3}\b|\d[kK]\b"
)
"""Counts that forums print beside a poster's name."""


def author_candidates(
    dom: Dom,
    scan: PageScan,
    graph: Graph,
    nearby: Iterable[NearbyText],
    site: Site,
    feed_authors: tuple[str, ...] = (),
    signed: Iterable[tuple[str, tuple[str, ...]]] = (),
) -> list[FieldCandidate[tuple[str, ...]]]:
    """Return every list of names that may be the authors, with its features.

    signed: signatures in the running text with their kind (see authors_zh.py).
    """
    bylines = AuthorCandidates(site)
    _add_declared(bylines, scan, graph)
    _add_marked(bylines, scan)
    nearby = list(nearby)
    add_near_headline(bylines, nearby)
    add_bare_names(bylines, nearby)
    for kind, names in signed:
        bylines.add(names, "page", "signed", f"signed:{kind}")
    bylines.add_texts(feed_authors, "feed", "feed")
    if not any(
        one.features & CERTAIN and not all(map(is_credit, one.value)) for one in bylines.found.values()
    ):
        add_late(bylines, dom, site.title)
    if not bylines.found:
        add_site_byline(bylines, nearby, site.title)
    _compare(bylines)
    return list(bylines.found.values())


def _add_declared(bylines: AuthorCandidates, scan: PageScan, graph: Graph) -> None:
    for node, name in ((graph.article, "ld"), (graph.page, "ldpage")):
        for key in ("author", "creator"):
            pairs = names_of(graph, node.get(key))
            people = [text for text, kind in pairs if "organi" not in kind.lower()]
            if people:
                thread = [f"{name}:thread"] if type_of(node) in _THREADS else []
                bylines.add_texts(people, "json-ld", f"{name}:{key}", *thread)
            elif pairs:  # an organisation's name is not split: "Center for Health and Care"
                bylines.add([text for text, _ in pairs], "json-ld", f"{name}:{key}:org")
    for name, keys in _META.items():
        for key in keys:
            texts = [text for text in scan.metas.get(key, ()) if not re.match(r"https?:|www\.|@", text)]
            texts = [_given_first(text) for text in texts] if name == "dc" else texts
            if texts:
                bylines.add_texts(texts, "meta", f"meta:{name}")
                if len(texts) > 1:
                    bylines.add_texts(texts[:1], "meta", f"meta:{name}:first")
    for number in "12":
        label = scan.meta(f"twitter:label{number}").lower()
        if re.match(
            r"written by|by|author|verfasst von|geschrieben|écrit par|escrito por|scritto da|door", label
        ):
            bylines.add_texts([scan.meta(f"twitter:data{number}")], "meta", "meta:twitter")


def _given_first(text: str) -> str:
    """Return "Ann Lee" for "Lee, Ann", the form of catalogues; any other text unchanged."""
    found = _FAMILY_FIRST.fullmatch(text)
    return f"{found[2]} {found[1]}" if found else text


_FAMILY_FIRST = lazy_regex(r"([^\W\d_][\w’'-]+),\s+((?:[^\W\d_][\w’'.-]*\s?){1,3})")
_THREADS = frozenset({"DiscussionForumPosting", "QAPage", "Question", "Conversation"})
"""JSON-LD types whose author is that of the first post."""


def _add_marked(bylines: AuthorCandidates, scan: PageScan) -> None:
    """Add elements whose class, rel or property marks them as an author's name."""
    headline = next((mark.order for mark in scan.headings if mark.element.tag == "h1"), 0)
    groups: dict[str, list[str]] = {}
    read = 0
    for mark in scan.marks:
        kind = _kind_of(mark)
        if not kind:
            continue
        read += 1
        if read > MAX_MARKS:
            break
        text = _author_text(mark)
        if not text or not split_names(text) or is_of_answer(mark.element):
            continue
        around = ancestor_hints(mark.element)
        noisy = ":noise" if (around | mark.flags) & ClassHint.NOISE else ""
        gap = mark.order - headline
        near = "before" if gap < 0 else "near" if gap <= 25 else "mid" if gap <= 80 else "far"
        said, _ = strip_by_words(text)
        features = [f"{kind}{noisy}", f"{kind}:{near}{noisy}", *([said_as(text)] if said else [])]
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


def _kind_of(mark: MarkedElement) -> str:
    """Return the kind of mark-up that declares an element an author's name, "" for none."""
    prop = mark.prop
    if "author" in prop.split():
        return "rel" if (mark.element.attr("rel") or "").lower().find("author") >= 0 else "itemprop"
    if "creator" in prop and not prop.startswith("id:"):
        return "itemprop"
    if mark.flags & ClassHint.AUTHOR:
        return "address" if mark.element.tag == "address" else "class"
    if prop.startswith("id:") and "author" in prop:
        return "id"
    return ""


def _author_text(mark: MarkedElement) -> str:
    """Return the by-line in an element: its itemprop=name or only link if it has one, else its text."""
    element = mark.element
    named = element.select("[itemprop=name]") if "author" in mark.prop else []
    if len(named) == 1 and (name := named[0].attr("content") or visible_text(named[0], 80)):
        return name[:80]
    text = visible_text(element, LONGEST_BYLINE)
    if not text:
        for child in element.select("[itemprop=name],[rel~=author],a")[:1]:
            return visible_text(child, 80)
        return ""
    if len(text) > 40:
        for child in element.select("[itemprop=name],[rel~=author]")[:1]:
            return visible_text(child, 80) or text
    if _COUNTED.search(text):
        links = (visible_text(child, 60) for child in element.select("[itemprop=name],[rel~=author],a")[:4])
        return next((name for name in links if A_LETTER.search(name) and not _COUNTED.search(name)), text)
    return text


def _compare(bylines: AuthorCandidates) -> None:
    """Add features of the names themselves, and of how the lists of names relate."""
    rivals = _shown_people(bylines)
    for key, candidate in bylines.found.items():
        names, add = candidate.value, candidate.features.add
        add(f"count:{min(len(names), 4)}")
        shaped = sum(looks_like_a_person(name) for name in names)
        add("shape:all" if shaped == len(names) else "shape:some" if shaped else "shape:none")
        if any(map(bylines.site.is_named, names)):
            candidate.features.update(("is:site", "is:site:rivalled") if rivals - {key} else ("is:site",))
        if any(map(bylines.site.is_host, names)):
            candidate.features.update(("is:host", "is:host:rivalled") if rivals - {key} else ("is:host",))
        if credits := sum(is_credit(name) for name in names):
            add("credit:all" if credits == len(names) else "credit:some")
        if len(names) == 1:
            add(f"words:{min(len(names[0].split()), 5)}")
            if names[0].islower():
                add("lower")
            if _ACCOUNT.search(names[0]):
                candidate.features.update(("account", "account:rivalled") if rivals - {key} else ("account",))
            elif " " not in names[0] and any(_begins_with(other, names[0]) for other in rivals - {key}):
                add("first:name")
        for other_key in bylines.found:
            if key < other_key or other_key < key:
                candidate.features.update(_relations(bylines, key, other_key))
        kinds = {name.split(":")[0] for name in candidate.features} & _SOURCES
        add(f"kinds:{min(len(kinds), 3)}")


_ACCOUNT = lazy_regex(r"^[a-z]+$|^\S*[a-zA-Z][._]?\d\S*$|^\S*\w[._]\w\S*$")
"""A name of the form of a user's account: "ann", "ann.lee", "ann_lee", "lee99"."""


def _begins_with(names: frozenset[str], first: str) -> bool:
    """Say whether one of the full names begins with this first name."""
    return any(name.startswith(name_key(first) + " ") for name in names)


def _relations(bylines: AuthorCandidates, key: frozenset[str], other_key: frozenset[str]) -> Iterator[str]:
    """Yield features of how one list of names relates to another: a part of it, or containing it."""
    other = bylines.found[other_key]
    sources = {name.split(":")[0] for name in other.features} & _SOURCES
    if key < other_key:
        rest = other_key - key
        if all(bylines.site.is_host(name) or bylines.site.is_named(name) for name in rest):
            yield "lacks:site"
            return
        yield from (f"part:{source}" for source in sources)
        if _all_odd(rest):
            yield "lacks:odd"
    elif other_key < key:
        rest = key - other_key
        yield from (f"holds:{source}" for source in sources)
        if _all_odd(rest):
            yield "extra:odd"


def _shown_people(bylines: AuthorCandidates) -> set[frozenset[str]]:
    """Return the lists of full names that the page shows near its headline."""
    return {
        key
        for key, candidate in bylines.found.items()
        if candidate.features & _SHOWN
        and all(
            looks_like_a_person(name)
            and " " in name
            and not is_credit(name)
            and not bylines.site.is_named(name)
            for name in candidate.value
        )
    }


_SHOWN = frozenset(
    {
        "class:first",
        "rel:first",
        "itemprop:first",
        "bare:linked:near",
        "bare:dated:near",
        "text:near",
        "text:joined:near",
    }
)


def _all_odd(names: Iterable[str]) -> bool:
    """Say whether all names are places, desks or other single words."""
    return all(" " not in name or is_credit(name) for name in names)


_SOURCES = frozenset({"ld", "meta", "rel", "itemprop", "class", "text", "feed", "address", "bare", "signed"})
