"""Place of the article's text in the data of a site's pages, for sites whose scripts write the text."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import islice
from math import ceil

from unabridged.extraction.html.dom import Dom
from unabridged.extraction.metadata.names import split_names
from unabridged.extraction.metadata.read import Metadata, signed_by
from unabridged.extraction.sites.places import read_date
from unabridged.extraction.sites.profile import DataPlace
from unabridged.extraction.structure.page_data.data_articles import (
    LEAST_TEXT,
    Candidate,
    Page,
    belongs,
    candidates,
    ownership,
)
from unabridged.extraction.structure.page_data.data_facts import DataFact, facts_beside
from unabridged.extraction.structure.page_data.data_paths import common_path, path_of, texts_at
from unabridged.extraction.structure.page_data.page_data import DataHolder, held_data
from unabridged.extraction.structure.page_data.page_state import (
    LONGEST_READ,
    MORE,
    MORE_LETTERS,
    ShownText,
    held_markup,
    page_of,
)
from unabridged.model import Clock
from unabridged.text.words import letters_only

DATA_BODY = ":data"
"""Name, among the selectors of a page's elements, of the element that came from its data."""
LIKE = 0.8
"""F1, by letters, of a text of the data with the article, from which it is the article's."""
LEAST_SHARE = LIKE / (2 - LIKE)
"""Share of the article's letters that a text with this F1 has at least."""
LEAST_AGREE = 0.6
"""Share of a template's pages on which the data must hold the article: the general extraction may have found
only its beginning on the others."""
LARGEST = 600_000
"""Characters of a page that shows its text beyond which its data is not compared with it: 20 pages of this
size are learnt in .5 s of CPU."""
MOST_APART = timedelta(hours=14)
"""Difference of a time and the same one read without its zone."""
SURE = 0.8
"""Share of the pages on which a date or a by-line beside the text must be right."""
MOST_TEXTS = 8
"""Texts of a page's data that are compared with its article."""
MOST_FOUND = 50
"""Texts at a path of which the longest is taken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DataText:
    """A text in the data of a sample page that is the page's own.

    like: F1, by letters, with the article. used: the general extraction took it as the article, because the
    page shows less. glued: its paragraphs are not separated. facts: dates and by-lines beside it.
    """

    holder: DataHolder
    path: tuple[str, ...]
    like: float
    used: bool
    glued: bool
    facts: tuple[DataFact, ...] = ()


def data_texts(dom: Dom, shown: ShownText, used: Candidate | None) -> tuple[DataText, ...]:
    """Return the texts of a page's data that are its article. used: the one that was taken as the article.

    shown: the text that was selected before one was taken.
    """
    if used is None and len(dom.source) > LARGEST:
        return ()
    names = [letters_only(text) for text, _ in shown.blocks]
    page = page_of(dom, shown, names)
    letters = len(used.letters) if used is not None else sum(map(len, names))
    least = max(LEAST_TEXT, int(LEAST_SHARE * letters))
    values = [*held_data(dom, least), *(held_markup(dom, least) if used is not None else ())]
    own = (found for found in candidates(values, least) if belongs(found, page))
    texts = []
    for found in islice(own, MOST_TEXTS):
        path = path_of(found)
        if path is not None and (found.holder.name or found.holder.kind == "stream"):
            taken = used is not None and found.letters == used.letters
            like = _likeness(found.letters, names if used is None else [used.letters])
            texts.append(
                DataText(
                    holder=found.holder,
                    path=path,
                    like=like,
                    used=taken,
                    glued=found.glued,
                    facts=facts_beside(found),
                )
            )
    return tuple(texts)


def _likeness(letters: str, names: Sequence[str]) -> float:
    """Return the F1, by letters, of a text with the blocks of another."""
    shared = sum(len(name) for name in names if name in letters)
    whole = len(letters) + sum(map(len, names))
    return min(1.0, 2 * shared / whole) if whole else 0.0


def learn_data(pages: Sequence[Sequence[DataText]]) -> DataPlace | None:
    """Return the place of the article in the data of a template's pages, None without a common one.

    pages: the texts of each page. Of several places the one that was taken most often, then the one that
    agrees most often, then the shortest path.
    """
    groups: defaultdict[tuple[DataHolder, int, tuple[str, ...]], dict[int, DataText]] = defaultdict(dict)
    for number, texts in enumerate(pages):
        for text in texts:
            if text.like >= LIKE and (text.used or not text.glued):
                groups[text.holder, len(text.path), text.path[-1:]].setdefault(number, text)
    found = [
        DataPlace(
            kind=holder.kind,
            name=holder.name,
            path=common_path([text.path for text in texts.values()]),
            pages=len(pages),
            agree=len(texts),
            used=sum(text.used for text in texts.values()),
        )
        for (holder, _, _), texts in groups.items()
        if len(texts) >= max(2, LEAST_AGREE * len(pages))
    ]
    return max(found, key=_worth, default=None)


def _worth(place: DataPlace) -> tuple[int, int, int, str]:
    return place.used, place.agree, -len(place.path), place.name


def with_facts(place: DataPlace, pages: Sequence[tuple[Metadata, Sequence[DataText]]]) -> DataPlace:
    """Return the place with the keys of the date and the by-line beside the text.

    On nearly all pages they must hold what the general extraction found, or a date or a name where it found
    nothing. pages: metadata by the general extraction, and texts.
    """
    own = [
        (metadata, text.facts)
        for metadata, texts in pages
        for text in texts
        if DataHolder(place.kind, place.name) == text.holder and len(text.path) == len(place.path)
    ]
    ranks = {(fact.kind, fact.name): fact.rank for _, facts in own for fact in facts}
    agree = Counter(
        (fact.kind, fact.name) for metadata, facts in own for fact in facts if _agrees(fact, metadata)
    )
    sure = [key for key, count in agree.items() if count >= max(2, SURE * len(own))]
    sure.sort(key=lambda key: (ranks[key], key[1].count("../"), -agree[key], key[1]), reverse=True)
    names = {str(kind): name for kind, name in sure}
    return replace(place, published=names.get("published", ""), authors=names.get("authors", ""))


def _agrees(fact: DataFact, metadata: Metadata) -> bool:
    if fact.kind == "authors":
        names = split_names(fact.text)
        return bool(names) and (not metadata.authors or set(metadata.authors) <= set(names))
    clock = read_date(fact.text, metadata.language, None)
    own = metadata.published
    return clock is not None and (_is_surer(clock, own) or (own is not None and clock.at == own.at))


def _is_surer(clock: Clock, own: Clock | None) -> bool:
    """Say whether a date says more than the page's own: it has none, or one of that day without a zone."""
    if own is None:
        return True
    return not own.zone_stated and clock.zone_stated and abs(clock.at - own.at) <= MOST_APART


def with_data_facts(metadata: Metadata, found: Candidate, place: DataPlace) -> Metadata:
    """Return a page's metadata with the date and the authors of its data where these say more."""
    texts = {(fact.kind, fact.name): fact.text for fact in reversed(facts_beside(found))}
    given = dict(metadata.provenance)
    if text := texts.get(("published", place.published)):
        clock = read_date(text, metadata.language, None)
        if clock is not None and _is_surer(clock, metadata.published):
            given["published"] = clock.origin
            metadata = replace(metadata, published=clock, clocks=(*metadata.clocks, clock))
    if not metadata.authors and not metadata.credit and (text := texts.get(("authors", place.authors))):
        authors, credit = signed_by(split_names(text))
        given["authors"] = "learnt"
        metadata = replace(metadata, authors=authors, credit=credit)
    return replace(metadata, provenance=given)


def known_text(place: DataPlace, dom: Dom, shown: ShownText) -> Candidate | None:
    """Return the article from its place in a page's data, None if the page shows it itself.

    shown: the text of the template's elements. Where most pages show no text, the data is taken in any case;
    else under the conditions of the general extraction: it must be clearly longer than what is shown.
    """
    names = [letters_only(text) for text, _ in shown.blocks]
    letters = sum(map(len, names))
    if not place.is_first and letters > LONGEST_READ:
        return None
    found = _text_at(place, dom, page_of(dom, shown, names))
    if found is None or place.is_first or not letters:
        return found
    longer = len(found.letters) >= ceil(max(MORE * letters, letters + MORE_LETTERS))
    return found if longer and not found.glued else None


def _text_at(place: DataPlace, dom: Dom, page: Page) -> Candidate | None:
    """Return the longest text of a place that is the page's own; the only one may be without a name."""
    read = held_markup if place.kind == "template" else held_data
    values = read(dom, only=DataHolder(place.kind, place.name))
    found = list(islice(texts_at(values, place.path), MOST_FOUND))
    own = [text for text in found if belongs(text, page)]
    if not own and len(found) == 1 and ownership(found[0], page) is None:
        own = found
    return max(own, key=lambda text: len(text.letters), default=None)
