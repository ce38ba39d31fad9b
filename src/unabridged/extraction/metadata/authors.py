"""Author candidates of an article, from declarations, marked-up by-lines and texts near the headline."""

import re
from collections.abc import Iterable, Iterator

from unabridged.extraction.html.dom import Element
from unabridged.extraction.metadata.json_ld import Graph, names_of
from unabridged.extraction.metadata.names import (
    is_credit,
    is_site,
    looks_like_a_person,
    may_be_byline,
    name_key,
    split_names,
    strip_by_words,
)
from unabridged.extraction.metadata.other_pages import is_of_answer, is_of_other_page
from unabridged.extraction.metadata.scan import (
    ClassHint,
    MarkedElement,
    NearbyText,
    PageScan,
    ancestor_hints,
    visible_text,
)
from unabridged.extraction.metadata.scoring import FieldCandidate
from unabridged.model import Origin
from unabridged.text.words import letters_only

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
_COUNTED = re.compile(
    r"\d.*\b(?:badges?|reputation|points?|karma|posts|followers|rep|level)\b|\d,\d{3}\b|\d[kK]\b"
)
"""Counts that forums print beside a poster's name."""


class AuthorCandidates:
    """The candidates of one page: lists of names, by the set of their folded names."""

    def __init__(self, site_name: str, topics: Iterable[str] = ()) -> None:
        self.site_name = site_name
        self.topics = frozenset(map(name_key, topics))
        self.found: dict[frozenset[str], FieldCandidate[tuple[str, ...]]] = {}

    def add(self, names: Iterable[str], origin: Origin, *features: str) -> bool:
        kept = tuple(dict.fromkeys(name for name in names if _FEW.search(name) and len(name) <= 80))
        if not kept or len(self.found) >= 40:
            return False
        key = frozenset(map(name_key, kept))
        self.found.setdefault(key, FieldCandidate(value=kept)).seen(origin, *features)
        return True

    def add_texts(self, texts: Iterable[str], origin: Origin, *features: str) -> bool:
        names = [name for text in texts for name in split_names(text)]
        return self.add(names, origin, *features)


def author_candidates(
    scan: PageScan,
    graph: Graph,
    nearby: Iterable[NearbyText],
    site_name: str,
    feed_authors: tuple[str, ...] = (),
    signed: Iterable[tuple[str, tuple[str, ...]]] = (),
    topics: Iterable[str] = (),
) -> list[FieldCandidate[tuple[str, ...]]]:
    """Return every list of names that may be the authors, with its features.

    signed: signatures in the running text with their kind (see authors_zh.py). topics: names of the page's
    section, which stand in the place of by-lines.
    """
    bylines = AuthorCandidates(site_name, topics)
    _add_declared(bylines, scan, graph)
    _add_marked(bylines, scan)
    nearby = list(nearby)
    _add_near_headline(bylines, nearby)
    _add_bare_names(bylines, nearby)
    for kind, names in signed:
        bylines.add(names, "page", "signed", f"signed:{kind}")
    bylines.add_texts(feed_authors, "feed", "feed")
    if not bylines.found:
        _add_site_byline(bylines, nearby, letters_only(scan.page_title))
    _compare(bylines)
    return list(bylines.found.values())


def _add_declared(bylines: AuthorCandidates, scan: PageScan, graph: Graph) -> None:
    for node, name in ((graph.article, "ld"), (graph.page, "ldpage")):
        for key in ("author", "creator"):
            pairs = names_of(graph, node.get(key))
            people = [text for text, kind in pairs if "organi" not in kind.lower()]
            if people:
                bylines.add_texts(people, "json-ld", f"{name}:{key}")
            elif pairs:  # an organisation's name is not split: "Center for Health and Care"
                bylines.add([text for text, _ in pairs], "json-ld", f"{name}:{key}:org")
    for name, keys in _META.items():
        for key in keys:
            texts = [text for text in scan.metas.get(key, ()) if not re.match(r"https?:|www\.|@", text)]
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
        return next((name for name in links if _FEW.search(name) and not _COUNTED.search(name)), text)
    return text


def _add_near_headline(bylines: AuthorCandidates, nearby: Iterable[NearbyText]) -> None:
    """Add plain texts after the headline that begin like a by-line ("By …", "Von …", "记者 …").

    A text that is only "By" is joined with the name after it, and with the names after an "and".
    """
    joined: list[str] = []
    expected, place = False, ""
    for near in nearby:
        if not near.after:
            break
        text = near.text
        if expected:
            if not joined and _NICKNAME.fullmatch(text) and _links_to_author(near.holder, _USER_PAGE):
                bylines.add([text], "page", f"text:joined:{place}", "said:by")
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
        said, rest = strip_by_words(text)
        if said and not rest:
            expected = True
        elif said and len(text) <= LONGEST_BYLINE:
            _add_plain(bylines, [text], f"text:{place}")
    _add_plain(bylines, joined, f"text:joined:{place}")


def _add_site_byline(bylines: AuthorCandidates, nearby: list[NearbyText], title: str) -> None:
    """Add the one by-line above the headline: a blog's head names its author ("By Ann Lee")."""
    found: set[tuple[str, ...]] = set()
    expected = False
    for near in reversed([near for near in nearby if not near.after]):  # in the page's order
        said = _SITE_BY.match(near.text)
        whole = said is not None and said.end() == len(near.text)
        names = split_names(near.text) if expected or (said and not whole) else ()
        expected = whole
        if names and not is_of_other_page(near.holder, title):
            found.add(names)
    if len(found) == 1:
        names = found.pop()
        if all(looks_like_a_person(name) and not is_credit(name) for name in names):
            bylines.add(names, "page", "text:site", "said:by")


_SITE_BY = re.compile(
    r"\W*(?:(?:a |the )?(?:blog|weblog|notes|journal|essays|site|written|ein blog|un blog) )?"
    r"(?:by|von|par|por|door|af|av)(?:\s+|:\s*|$)(?=(?-i:[^\Wa-z])|$)",
    re.I,
)


def _add_bare_names(bylines: AuthorCandidates, nearby: list[NearbyText]) -> None:
    """Add names that stand alone near the headline: linked to an author's page, or beside a date."""
    words: frozenset[str] | None = None
    read = 0
    for index, near in enumerate(nearby):
        text = near.text
        if near.place > MOST_BETWEEN or read > 12 or not _may_be_name(text):
            continue
        linked = _links_to_author(near.holder)
        dated = (linked or near.after) and _is_beside_date(nearby, index)
        if not (linked and dated) and (" " not in text or not (linked or dated)):
            continue
        if not looks_like_a_person(text) or _LABEL.search(text) or name_key(text) in bylines.topics:
            continue
        if _is_in_infobox(near.holder) or (not linked and _is_in_sentence(near.holder)):
            continue
        words = _common_words(nearby) if words is None else words
        if not words.isdisjoint(text.lower().split()):
            continue
        read += 1
        side = "before" if not near.after else "near" if near.place <= 6 else "far"
        for name in [*(["linked"] if linked else []), *(["dated"] if dated else [])]:
            bylines.add_texts([text], "page", f"bare:{name}", f"bare:{name}:{side}")


def _is_in_infobox(element: Element | None) -> bool:
    """Say whether an element is a header cell or stands in a box of facts about the page's subject."""
    for _ in range(8):
        if element is None:
            return False
        if element.tag == "th" or _INFOBOX.search(
            f"{element.attr('class') or ''} {element.attr('id') or ''}"
        ):
            return True
        parent = element.parent
        element = parent if isinstance(parent, Element) else None
    return False


LONGEST_BYLINE_PARAGRAPH = 150
"""Characters of a paragraph that may be a by-line with its date; a name in a longer one is part of a "
"sentence."""


def _is_in_sentence(element: Element | None) -> bool:
    """Say whether an element is a few words of a paragraph of text."""
    while element is not None and element.tag in _PHRASING:
        parent = element.parent
        element = parent if isinstance(parent, Element) else None
    return element is not None and element.tag == "p" and len(element.text) > LONGEST_BYLINE_PARAGRAPH


_PHRASING = frozenset("a b i em strong span u cite q".split())
_INFOBOX = re.compile(r"(?:^|[\s_-])(?:infobox|fact-?box|taxobox|data-?sheet|steckbrief|ficha)", re.I)


def _is_beside_date(nearby: list[NearbyText], index: int) -> bool:
    """Say whether one of the two texts before or after a text, on its side of the headline, has a date."""
    beside = nearby[max(0, index - 2) : index] + nearby[index + 1 : index + 3]
    after = nearby[index].after
    return any(one.after == after and len(one.text) <= 60 and _A_DATE.search(one.text) for one in beside)


def _may_be_name(text: str) -> bool:
    """Say whether a text may be a name, by its length and first letter: a quick test before the others."""
    return 3 <= len(text) <= 60 and text[0].isalpha() and not text[0].islower() and text.count(" ") < 4


def _common_words(nearby: list[NearbyText]) -> frozenset[str]:
    """Return words that the surrounding texts also write in lower case: a name contains none of them."""
    return frozenset(
        word
        for near in nearby
        for word in near.text.split()
        if word.islower() and word not in _PARTICLES and len(word) > 2
    )


_PARTICLES = frozenset("van von der den del della dos das des bin ibn ter ten vom san".split())
_LABEL = re.compile(
    r"\b(?:the|your|our|my|all|best|new|news|log|login|sign|register|menu|search|home|about|contact|blogs?|"
    r"reading|time|policy|privacy|terms|guides?|guidelines|reviews?|products?|services?|solutions?|"
    r"resources?|pricing|free|"
    r"trial|demo|get|started|join|meet|team|members?|list|lists|listed|subscribe|subscriptions?|newsletter|"
    r"download|project|program|programs|management|marketing|business|health|wellness|education|faculty|"
    r"directions|sitemap|youtube|twitter|facebook|medium|topics?|tags?|categor(?:y|ies)|series|posts?|"
    r"archives?|"
    r"overall|first|recent|last|latest|popular|updated?|posted|published|joined|official|original|weekend|"
    r"agent|studio|restrictions|funding|sources|financial|investments?|browse|example|table|contents?|"
    r"introduction|summary|overview|faqs?|questions?|answers?|guest|from|for|with|how|what|why|when|where)\b",
    re.I,
)
MOST_BETWEEN = 14  # maximum texts between the headline and a bare name
_A_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d\d|\bmin(?:ute)?s? read\b|\b\d+ \w+ ago\b", re.I
)
_AUTHOR_PAGE = re.compile(
    r"[/?&](?:authors?|autor(?:en|es|a|i)?|auteurs?|people|person|team|contributors?|writers?|profiles?|"
    r"users?|"
    r"members?|staff|staff-profile|redaktion|journalists?|columnists?|bloggers?|experts?|by)[/=]|/@\w",
    re.I,
)
_USER_PAGE = re.compile(
    rf"{_AUTHOR_PAGE.pattern}|(?:^|[/?])(?:user|member\.php|profile\.php)\?|/(?:u/|~)\w", re.I
)


def _links_to_author(element: Element | None, pages: re.Pattern[str] = _AUTHOR_PAGE) -> bool:
    """Say whether an element is, or is just inside, a link to an author's page. pages: of their addresses."""
    for _ in range(3):
        if element is None:
            return False
        if element.tag == "a":
            return bool(_AUTHOR_PAGE.search((element.attr("href") or "")[:300]))
        parent = element.parent
        element = parent if isinstance(parent, Element) else None
    return False


_NICKNAME = re.compile(r"[a-z0-9][\w.-]{2,24}")
"""A user's name in small letters, which is no name of a person by its form."""
_SOURCE = re.compile(r"(?:from|for|in|at|on|of)\s", re.I)
_JOINS = re.compile(
    r"[,;&+/、，]|and|und|et|y|e|och|og|en|и|і|та|ve|dan|và|ja|oraz|a|és|și|και|و|with|mit|avec", re.I
)


def _add_plain(bylines: AuthorCandidates, texts: Iterable[str], feature: str) -> None:
    names = [name for text in texts for name in split_names(text)]
    if names and all(looks_like_a_person(name) for name in names):
        bylines.add(names, "page", feature, "said:by")


def _compare(bylines: AuthorCandidates) -> None:
    """Add features of the names themselves, and of how the lists of names relate."""
    rivals = _shown_people(bylines)
    for key, candidate in bylines.found.items():
        names, add = candidate.value, candidate.features.add
        add(f"count:{min(len(names), 4)}")
        shaped = sum(looks_like_a_person(name) for name in names)
        add("shape:all" if shaped == len(names) else "shape:some" if shaped else "shape:none")
        if any(is_site(name, bylines.site_name) for name in names):
            candidate.features.update(("is:site", "is:site:rivalled") if rivals - {key} else ("is:site",))
        if credits := sum(is_credit(name) for name in names):
            add("credit:all" if credits == len(names) else "credit:some")
        if len(names) == 1:
            add(f"words:{min(len(names[0].split()), 5)}")
            if names[0].islower():
                add("lower")
        for other_key, other in bylines.found.items():
            if other is not candidate:
                candidate.features.update(_relations(key, other_key, other))
        kinds = {name.split(":")[0] for name in candidate.features} & _SOURCES
        add(f"kinds:{min(len(kinds), 3)}")


def _relations(
    key: frozenset[str], other_key: frozenset[str], other: FieldCandidate[tuple[str, ...]]
) -> Iterator[str]:
    """Yield features of how one list of names relates to another: a part of it, or containing it."""
    sources = {name.split(":")[0] for name in other.features} & _SOURCES
    if key < other_key:
        yield from (f"part:{source}" for source in sources)
        if _all_odd(other_key - key):
            yield "lacks:odd"
    elif other_key < key:
        yield from (f"holds:{source}" for source in sources)
        if _all_odd(key - other_key):
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
            and not is_site(name, bylines.site_name)
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
