"""Places of a page where its title, date and authors may stand, and which of them a site uses."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from unabridged.dates.parse import parse_date
from unabridged.extraction.html.dom import Element
from unabridged.extraction.metadata.json_ld import first_text, names_of
from unabridged.extraction.metadata.names import split_names
from unabridged.extraction.metadata.read import KnownFields, Metadata, PageFacts
from unabridged.extraction.metadata.scan import near_headline, visible_text
from unabridged.extraction.sites.profile import FieldEvidence, FieldName, Place, Template
from unabridged.extraction.sites.selectors import selectors_of
from unabridged.model import Clock, Origin
from unabridged.text.patterns import lazy_regex
from unabridged.text.words import fold_spaces, letters_only

PlaceTexts: TypeAlias = Mapping[Place, str]
"""A page's texts by place."""

MOST_MARKS = 60
"""Elements of a page that are looked at."""
MOST_NEAR = 20
"""Texts near the headline that are looked at."""
LONGEST = 400
"""Characters of a text that may be a title, a date or a by-line."""
LEAST_AGREE = 0.8
"""Share of a template's pages on which a place must hold what the general extraction found."""
ABSENT_PAGES = 4
"""Pages without a field after which the site has no place for it."""
LONGEST_CUT = 80
"""Characters beside a value that are cut off."""
_JSON_KEYS = ("headline", "name", "datePublished", "dateCreated", "author", "creator")
_ATTRIBUTES = ("datetime", "content", "title")
"""Attributes that may hold a date or a name."""
_DIGITS = lazy_regex(r"\d")


# ---- what stands where -------------------------------------------------------------------------


def texts_of(page: PageFacts) -> PlaceTexts:
    """Return the texts of all places of a page where metadata may stand."""
    found: dict[Place, str] = {}
    scan = page.scan
    for name, contents in list(scan.metas.items())[:100]:
        if len(contents) == 1 and len(contents[0]) <= LONGEST:
            found[Place(kind="meta", name=name)] = contents[0]
    for key in _JSON_KEYS:
        if text := _json_text(page, key):
            found[Place(kind="json-ld", name=key)] = text
    if scan.page_title:
        found[Place(kind="page-title")] = scan.page_title
    near = [text.holder for text in near_headline(scan)[:MOST_NEAR] if text.holder is not None]
    marked = [mark.element for mark in (*scan.headings[:10], *scan.marks[:MOST_MARKS])]
    wanted = dict.fromkeys(place for element in (*marked, *near) for place in _element_places(element))
    for place in wanted:
        if text := _element_text(page, place):
            found[place] = text
    return found


def _element_places(element: Element) -> Iterator[Place]:
    names = selectors_of(element)
    if element.tag in ("h1", "time"):
        names = (*names, element.tag)
    for name in names:
        yield Place(kind="element", name=name)
        for attribute in _ATTRIBUTES:
            if element.attr(attribute):
                yield Place(kind="element", name=name, attribute=attribute)


def place_text(page: PageFacts, place: Place) -> str:
    """Return what stands in a place, without what is written around it; "" for nothing."""
    if place.kind == "element":
        text = _element_text(page, place)
    elif place.kind == "meta":
        contents = page.scan.metas.get(place.name, ())
        text = contents[0] if contents and len(contents[0]) <= LONGEST else ""
    elif place.kind == "json-ld":
        text = _json_text(page, place.name)
    elif place.kind == "none":
        return ""
    else:
        text = page.scan.page_title
    return without_surroundings(text, place)


def without_surroundings(text: str, place: Place) -> str:
    """Return a text without what stands around the value in every text of its place."""
    if place.within:
        return _between_marks(text, place)
    if place.before:
        if not text.startswith(place.before):
            return ""
        text = text[len(place.before) :]
    if place.after:
        if not text.endswith(place.after):
            return ""
        text = text[: -len(place.after)]
    return text.strip()


def _between_marks(text: str, place: Place) -> str:
    """Return what stands between two marks in a text, "" if one of them is missing."""
    start = end = 0
    if place.before:
        found = re.search(rf"(?<!\w){re.escape(place.before)}", text)
        if found is None:
            return ""
        start = found.end()
    end = text.find(place.after, start) if place.after else len(text)
    return text[start : max(start, end)].strip()


def _json_text(page: PageFacts, key: str) -> str:
    if key in ("author", "creator"):
        pairs = names_of(page.graph, page.graph.article.get(key))
        return "; ".join(name for name, kind in pairs if "organi" not in kind.lower())[:LONGEST]
    return fold_spaces(first_text(page.graph.article, key))[: LONGEST + 1]


def _element_text(page: PageFacts, place: Place) -> str:
    element = page.dom.document.select_one(place.name)
    if not isinstance(element, Element):
        return ""
    if place.attribute:
        return (element.attr(place.attribute) or "")[:LONGEST].strip()
    return visible_text(element, LONGEST)


# ---- which place a site uses -------------------------------------------------------------------


def learn_fields(pages: Sequence[tuple[Metadata, PlaceTexts]]) -> tuple[FieldEvidence, ...]:
    """Return the place of each field that agrees with the general extraction on nearly all pages."""
    found = (_learn(field, pages) for field in _READERS)
    return tuple(evidence for evidence in found if evidence is not None)


def _learn(field: FieldName, pages: Sequence[tuple[Metadata, PlaceTexts]]) -> FieldEvidence | None:
    stated = [(metadata, texts) for metadata, texts in pages if _READERS[field](metadata)]
    if not stated and len(pages) >= ABSENT_PAGES:
        return FieldEvidence(field=field, place=Place(kind="none"), pages=len(pages), agree=len(pages))
    if len(stated) < max(2, len(pages) / 2):
        return None
    best: FieldEvidence | None = None
    counts = Counter(place for _, texts in stated for place in texts)
    for place, count in counts.items():
        if count < LEAST_AGREE * len(stated):
            continue
        for cut in _variants(field, place, stated):
            agree = sum(_agrees(field, metadata, texts.get(place, ""), cut) for metadata, texts in stated)
            worth = (agree, _RANK[place.kind], -len(place.name))
            if agree >= LEAST_AGREE * len(stated) and (best is None or worth > _worth(best)):
                best = FieldEvidence(field=field, place=cut, pages=len(stated), agree=agree)
    return best


_RANK = {"none": 4, "json-ld": 3, "meta": 2, "element": 1, "page-title": 0}
"""Preference among places that agree equally often."""


def _worth(evidence: FieldEvidence) -> tuple[int, int, int]:
    return (evidence.agree, _RANK[evidence.place.kind], -len(evidence.place.name))


def _variants(
    field: FieldName, place: Place, pages: Sequence[tuple[Metadata, PlaceTexts]]
) -> Iterator[Place]:
    """Yield a place with what stands around its value on most pages, and the form of its dates."""
    if field == "published":
        forms = Counter(form_of(texts[place]) for _, texts in pages if place in texts)
        yield replace(place, form=forms.most_common(1)[0][0][:60])
    elif field == "title":
        yield _with_surroundings(place, pages)
    else:
        yield place
        yield from _marked(
            place, [(text, _names(metadata)) for metadata, texts in pages if (text := texts.get(place))]
        )


def _with_surroundings(place: Place, pages: Sequence[tuple[Metadata, PlaceTexts]]) -> Place:
    """Return the place of a title with what stands around it on most pages."""
    around: Counter[tuple[str, str]] = Counter()
    for metadata, texts in pages:
        before, value, after = texts.get(place, "").partition(metadata.title)
        if value and len(before) <= LONGEST_CUT and len(after) <= LONGEST_CUT:
            around[before, after] += 1
    before, after = around.most_common(1)[0][0] if around else ("", "")
    return replace(place, before=before, after=after)


def _marked(place: Place, pages: Sequence[tuple[str, tuple[str, ...]]]) -> Iterator[Place]:
    """Yield a place with the marks between which the names stand on most pages: "Posted by", "|"."""
    marks: Counter[tuple[str, str]] = Counter()
    for text, names in pages:
        start = text.find(names[0])
        end = text.find(names[-1], max(0, start)) + len(names[-1])
        if start < 0 or split_names(text[start:end]) != names:
            continue
        marks[_MARK_BEFORE.search(text[:start])[0], _MARK_AFTER.match(text[end:])[0]] += 1  # type: ignore[index]
    for (before, after), _ in marks.most_common(2):
        if before or after:
            yield replace(place, before=before, after=after, within=True)


_MARK_BEFORE = lazy_regex(r"(?:[^\W\d_]*[^\w]{1,4})?$")
"""The last word before a name, with what parts them; "" at the beginning of a text."""
_MARK_AFTER = lazy_regex(r"(?:\s?[^\w\s.'’-]\s?|\s[^\W\d_]{1,12}\s|)")
"""Marks behind a name: a bar, a bracket, a word such as "on"; "" at the end of a text."""


def form_of(text: str) -> str:
    """Return how a date is written: every digit as 0."""
    return _DIGITS.sub("0", text)


def _agrees(field: FieldName, metadata: Metadata, text: str, place: Place) -> bool:
    value = without_surroundings(text, place)
    if not value:
        return False
    if field == "title":
        return value == metadata.title
    if field == "authors":
        return split_names(value) == _names(metadata)
    clock = read_date(value, metadata.language, None)
    published = metadata.published
    return clock is not None and published is not None and clock.at == published.at


def _names(metadata: Metadata) -> tuple[str, ...]:
    """Return the authors and the other names of a by-line."""
    return (*metadata.authors, *(name for name in metadata.credit if name not in metadata.authors))


_READERS: Mapping[FieldName, Callable[[Metadata], object]] = {
    "title": lambda metadata: metadata.title,
    "published": lambda metadata: metadata.published,
    "authors": lambda metadata: (*metadata.authors, *metadata.credit),
}


# ---- reading a page by its site's places -------------------------------------------------------


def read_date(text: str, language: str | None, now: datetime | None, origin: Origin = "page") -> Clock | None:
    """Read a publication date; None for a text without one."""
    return parse_date(text, kind="published", origin=origin, language=language, now=now)


_ORIGINS: Mapping[str, Origin] = {"meta": "meta", "json-ld": "json-ld", "element": "page"}


def known_fields(page: PageFacts, template: Template, language: str | None) -> KnownFields:
    """Return title, authors and date of a page from the places of its template; the others stay unknown."""
    title = authors = clock = None
    dated = False
    if place := template.place_of("title"):
        title = place_text(page, place) or None
    if place := template.place_of("authors"):
        authors = split_names(place_text(page, place)) or (() if place.kind == "none" else None)
    if place := template.place_of("published"):
        origin = _ORIGINS.get(place.kind, "page")
        clock = read_date(place_text(page, place), language, page.now, origin)
        dated = clock is not None or place.kind == "none"
    return KnownFields(
        title=title,
        authors=authors,
        published=clock,
        dated=dated,
    )


def disagreement(page: PageFacts, metadata: Metadata) -> str:
    """Return in words where a page's title or date contradicts what it declares, "" if they agree.

    A declared title may have the site's name beside the title; a declared date may be of another zone.
    """
    declared = (page.scan.meta("og:title"), first_text(page.graph.article, "headline"), page.scan.page_title)
    titles = [letters for text in declared if len(letters := letters_only(text)) > 5]
    own = letters_only(metadata.title)
    if titles and not any(own in title or title in own for title in titles):
        return f"the title “{metadata.title[:60]}” is not the declared one"
    days = [clock.at.date() for clock in metadata.clocks if clock.origin in ("meta", "json-ld")]
    if metadata.published is not None and days:
        day = metadata.published.at.date()
        if all(abs((day - other).days) > 1 for other in days):
            return f"the date {day} is not a declared one"
    return ""
