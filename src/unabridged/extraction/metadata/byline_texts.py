"""Author candidates in a page's plain texts: by-lines without mark-up, and names that stand alone."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from unabridged.extraction.html.dom import Dom, Element, Text
from unabridged.extraction.metadata.names import (
    is_credit,
    is_other_role,
    is_site,
    looks_like_a_person,
    may_be_byline,
    name_beside_day,
    name_key,
    split_names,
    strip_by_words,
)
from unabridged.extraction.metadata.other_pages import AUTHOR_PAGE, is_of_comment, is_of_other_page
from unabridged.extraction.metadata.scan import NearbyText
from unabridged.extraction.metadata.scoring import FieldCandidate
from unabridged.model import Origin
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import letters_only

LONGEST_BYLINE = 160

A_LETTER = lazy_regex(r"\w")


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """Facts about a page's site. section: its name stands in the place of by-lines. domain:
    letters of the registrable domain's first label; title: letters of the page's title."""

    name: str = ""
    section: str = ""
    domain: str = ""
    title: str = ""

    def is_named(self, name: str) -> bool:
        return is_site(name, self.name)

    def is_host(self, name: str) -> bool:
        return len(self.domain) >= SHORTEST_DOMAIN and self.domain in letters_only(name)


SHORTEST_DOMAIN = 4
"""Letters of a domain that are not found in names by accident."""


class AuthorCandidates:
    """The candidates of one page: lists of names, by the set of their folded names."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.topic = name_key(site.section)
        self.found: dict[frozenset[str], FieldCandidate[tuple[str, ...]]] = {}

    def add(self, names: Iterable[str], origin: Origin, *features: str) -> bool:
        kept = tuple(dict.fromkeys(name for name in names if A_LETTER.search(name) and len(name) <= 80))
        if not kept or len(self.found) >= 40:
            return False
        key = frozenset(map(name_key, kept))
        self.found.setdefault(key, FieldCandidate(value=kept)).seen(origin, *features)
        return True

    def add_texts(self, texts: Iterable[str], origin: Origin, *features: str) -> bool:
        names = [name for text in texts for name in split_names(text)]
        return self.add(names, origin, *features)


def said_as(text: str) -> str:
    """Return the feature of a text that begins like a by-line."""
    return "said:other" if is_other_role(text) else "said:by"


def add_near_headline(bylines: AuthorCandidates, nearby: Iterable[NearbyText]) -> None:
    """Add plain texts after the headline that begin like a by-line ("By …", "Von …", "记者 …").

    A text that is only "By" is joined with the name after it, and with the names after an "and".
    """
    joined: list[str] = []
    expected, place, role = False, "", "said:by"
    for near in nearby:
        if not near.after:
            break
        text = near.text
        if expected:
            if not joined and _NICKNAME.fullmatch(text) and _links_to_author(near.holder, _USER_PAGE):
                bylines.add([text], "page", f"text:joined:{place}", role)
            joined += [] if joined and _SOURCE.match(text) else [text]
            expected = False
            continue
        if joined and (_JOINS.fullmatch(text) or _JOINS_AFTER_ROLE.fullmatch(text)):
            expected = True
            continue
        _add_plain(bylines, joined, f"text:joined:{place}", role)
        joined, place = [], "near" if near.place <= 12 else "far"
        if not may_be_byline(text):
            continue
        said, rest = strip_by_words(text)
        if said and not rest:
            expected, role = True, said_as(text)
        elif said and len(text) <= LONGEST_BYLINE:
            _add_plain(bylines, [text], f"text:{place}", said_as(text))
    _add_plain(bylines, joined, f"text:joined:{place}", role)


def add_late(bylines: AuthorCandidates, dom: Dom, title: str) -> None:
    """Add by-lines anywhere on the page ("Written by Ann Lee" below the text); for a page without others."""
    found: dict[tuple[str, ...], None] = {}
    waiting = tried = 0
    for looked, node in enumerate(dom.body.descendants):
        if looked > MOST_LOOKED or len(found) > MOST_LATE or tried > MOST_TRIED:
            break
        if type(node) is not Text or not 2 <= len(node.data) <= LONGEST_LATE:
            waiting -= type(node) is Text and not node.data.isspace()
            continue
        text = " ".join(node.data.split())
        if not text:
            continue
        holder = node.parent if isinstance(node.parent, Element) else None
        said, rest = strip_by_words(text) if may_be_byline(text) and not is_other_role(text) else (False, "")
        if said and not rest:
            waiting = 2
            continue
        waiting -= 1
        names = split_names(text) if said or waiting == 1 else ()
        if names and all(map(is_full_name, names)):
            tried += 1
            if not _is_elsewhere(holder, title):
                found[names] = None
    for count, names in enumerate(found):
        rank = "late:only" if len(found) == 1 else "late:first" if count == 0 else "late:more"
        bylines.add(names, "page", "late", rank)


def is_full_name(name: str) -> bool:
    return 2 <= len(name.split()) <= 4 and looks_like_a_person(name) and not is_credit(name)


def _is_elsewhere(holder: Element | None, title: str) -> bool:
    """Say whether an element is no part of the article: silent, among the comments or in a teaser."""
    if holder is None or holder.tag in _SILENT:
        return True
    return is_of_other_page(holder, title) or is_of_comment(holder)


_SILENT = frozenset("script style noscript template option button".split())
MOST_LOOKED, MOST_TRIED, MOST_LATE, LONGEST_LATE = 8_000, 40, 5, 80
"""Nodes that are looked at, by-lines that are tried and kept, characters of a text that may be one."""
CERTAIN = frozenset(
    "ld:author meta:author meta:article meta:parsely meta:dc meta:twitter rel:first itemprop:first feed "
    "class:first class:near text:near text:joined:near bare:linked:near bare:dated:near signed".split()
)
"""Features of by-lines beside which no others are looked for."""


def add_site_byline(bylines: AuthorCandidates, nearby: list[NearbyText], title: str) -> None:
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


_SITE_BY = lazy_regex(
    r"\W*(?:(?:a |the )?(?:blog|weblog|notes|journal|essays|site|written|ein blog|un blog) )?"
    r"(?:by|von|par|por|door|af|av)(?:\s+|:\s*|$)(?=(?-i:[^\Wa-z])|$)",
    re.I,
)


def add_bare_names(bylines: AuthorCandidates, nearby: list[NearbyText]) -> None:
    """Add names that stand alone near the headline: linked to an author's page, or beside a date."""
    read = 0
    listed: list[tuple[int, str]] = []
    shown: set[str] = set()
    for index, near in enumerate(nearby):
        text = near.text
        if near.place > MOST_BETWEEN or read > 12:
            continue
        if near.after and text[:1].isdigit() and len(text) < 80 and (name := name_beside_day(text)):
            bylines.add([name], "page", "bare:dated", "bare:dated:near")
            continue
        if not _may_be_name(text):
            continue
        linked = _links_to_author(near.holder)
        dated = (linked or near.after) and _is_beside_date(nearby, index)
        if not (linked and dated) and (" " not in text or not (linked or dated)):
            continue
        if not looks_like_a_person(text) or _LABEL.search(text) or name_key(text) == bylines.topic:
            continue
        if _is_in_infobox(near.holder) or (not linked and _is_in_sentence(near.holder)):
            continue
        if any(_is_common(word, nearby) for word in text.lower().split()):
            continue
        read += 1
        side = "before" if not near.after else "near" if near.place <= 6 else "far"
        other = ["said:other"] if index and is_other_role(nearby[index - 1].text) else []
        for name in [*(["linked"] if linked else []), *(["dated"] if dated else [])]:
            bylines.add_texts([text], "page", f"bare:{name}", f"bare:{name}:{side}", *other)
        if linked and near.after and not other:
            listed.append((index, text))
            shown |= {"bare:linked"} | ({"bare:dated"} if dated else set())
    _add_listed(bylines, nearby, listed, shown)


def _add_listed(
    bylines: AuthorCandidates, nearby: list[NearbyText], listed: list[tuple[int, str]], shown: set[str]
) -> None:
    """Add the first run of linked names with nothing but joining words between them."""
    run = listed[:1]
    for index, text in listed[1:]:
        between = nearby[run[-1][0] + 1 : index]
        if len(between) > 1 or not all(_JOINS.fullmatch(one.text) for one in between):
            break
        run.append((index, text))
    if len(run) > 1:
        bylines.add_texts([text for _, text in run], "page", "bare:list", *shown)


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
_INFOBOX = lazy_regex(r"(?:^|[\s_-])(?:infobox|fact-?box|taxobox|data-?sheet|steckbrief|ficha)", re.I)


def _is_beside_date(nearby: list[NearbyText], index: int) -> bool:
    """Say whether one of the two texts before or after a text, on its side of the headline, has a date."""
    beside = nearby[max(0, index - 2) : index] + nearby[index + 1 : index + 3]
    after = nearby[index].after
    return any(one.after == after and len(one.text) <= 60 and _A_DATE.search(one.text) for one in beside)


def _may_be_name(text: str) -> bool:
    """Say whether a text may be a name, by its length and first letter: a quick test before the others."""
    return 3 <= len(text) <= 60 and text[0].isalpha() and not text[0].islower() and text.count(" ") < 4


def _is_common(word: str, nearby: list[NearbyText]) -> bool:
    """Say whether the surrounding texts write a word in lower case: a name contains no such word."""
    if len(word) <= 2 or word in _PARTICLES or not word.islower():
        return False
    return any(word in near.text and word in near.text.split() for near in nearby)


_PARTICLES = frozenset("van von der den del della dos das des bin ibn ter ten vom san".split())
_LABEL = lazy_regex(
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
_A_DATE = lazy_regex(
    r"\b(?:19|20)\d\d\b|\d{1,2}[./-]\d{1,2}[./-]\d\d|\bmin(?:ute)?s? read\b|\b\d+ \w+ ago\b", re.I
)
_USER_PAGE = lazy_regex(
    rf"{AUTHOR_PAGE.pattern}|(?:^|[/?])(?:user|member\.php|profile\.php)\?|/(?:u/|~)\w", re.I
)


def _links_to_author(element: Element | None, pages: re.Pattern[str] = AUTHOR_PAGE) -> bool:
    """Say whether an element is, or is just inside, a link to an author's page. pages: of their addresses."""
    for _ in range(3):
        if element is None:
            return False
        if element.tag == "a":
            return bool(pages.search((element.attr("href") or "")[:300]))
        parent = element.parent
        element = parent if isinstance(parent, Element) else None
    return False


_NICKNAME = lazy_regex(r"[a-z0-9][\w.-]{2,24}")
"""A user's name in small letters, which is no name of a person by its form."""
_SOURCE = lazy_regex(r"(?:from|for|in|at|on|of)\s", re.I)
_JOINS = lazy_regex(
    r"[,;&+/、，]|and|und|et|y|e|och|og|en|и|і|та|ve|dan|và|ja|oraz|a|és|și|και|و|with|mit|avec", re.I
)


_JOINS_AFTER_ROLE = lazy_regex(r",\s[^.!?]{3,60}[,\s](?:and|und|et|y|e|och|og|en|&)")
"""Text after the first of two names that are set apart: ", Chief Economist, and"."""


def _add_plain(bylines: AuthorCandidates, texts: Iterable[str], *features: str) -> None:
    names = [name for text in texts for name in split_names(text)]
    if names and all(looks_like_a_person(name) for name in names):
        bylines.add(names, "page", *features)
