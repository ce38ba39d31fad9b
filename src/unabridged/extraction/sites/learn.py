"""Learning of a site from its pages: which elements hold the article, and what in them is boilerplate.

The general extraction is the teacher: it is right on most pages and wrong on different ones, so that what its
selections have in common is better than each of them (wrapper induction with noisy labels: Dalvi, Kumar,
Soliman, "Automatic Wrappers for Large Scale Web Extraction", 2011).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import fmean, median

from unabridged.extraction.selection.lines import count_lines, heading_key
from unabridged.extraction.sites.data_places import DATA_BODY, LIKE, learn_data, with_facts
from unabridged.extraction.sites.next_pages import PageLinks, learn_next_pages
from unabridged.extraction.sites.outside import learn_outside
from unabridged.extraction.sites.pictures import learn_picture
from unabridged.extraction.sites.places import learn_fields
from unabridged.extraction.sites.profile import (
    FieldEvidence,
    RepeatedLine,
    SiteProfile,
    StripEvidence,
    Template,
)
from unabridged.extraction.sites.read import PARAGRAPH, from_paragraph
from unabridged.extraction.sites.samples import SamplePage
from unabridged.extraction.sites.selectors import is_hashed
from unabridged.extraction.sites.skeleton import clusters, common_names

LEAST_PAGES = 3
"""Distinct pages of a template from which it is learnt."""
LEAST_FIT = 0.8
"""F1 of the body's elements with the teacher's selections; below, the template is not used. Measured on
`sites dragnet`: .8 and .9 give the same F1, and .8 fits a sixth more pages."""
LEAST_CHARACTERS = 250
"""Characters of an article that is learnt from."""
SAME_PAGE = 0.5
"""Share of long blocks in common from which two pages are one."""
WORTHWHILE = 0.002
"""Rise of the fit for which a further body selector is taken, such as that of a standfirst."""
MOST_BODIES = 4
MOST_SCORED = 60
"""Selectors that may be a part of the body."""
MOST_CANDIDATES = 3
"""Selectors of each kind that are tried as the body: those that fit best, and those that hold the whole
article and more."""
WHOLE = 0.97
"""Share of the articles that the latter hold."""
ENDS = 0.15
"""Share of the pages on which a heading must stand to be an article's end."""
MOST_STRIPPED = 40
MOST_LINES = 60
JUNK = 0.1
"""Share of an element's text in the articles below which it is left out. Measured on `sites dragnet`: .1
gives an F1 of .946, .25 and .5 give .945, nothing left out gives .944."""
HASHED_PENALTY = 0.02
REPEATED = 0.3
"""Share of the pages on which a line must stand to be left out, if the teacher left it out mostly."""
REPEATED_ANYWAY = 0.8
"""The same for a line that the teacher kept, if it is a whole sentence: headings such as "Ingredients" stand
on many pages and belong to the articles."""
MOSTLY = 0.6
"""Share of the articles that begin with a picture from which one without gets its lead image there."""
SENTENCE = 25
"""Letters of a line that is no heading."""
LONGEST_HEADING = 60
"""Characters of one."""
MOST_ENDS = 12
BEGINNING = 12
"""Letters by which lines are known that go on differently on each page."""


def learn(site: str, pages: Sequence[SamplePage]) -> SiteProfile | None:
    """Learn a site from its pages; None if there are too few distinct ones, or nothing fits them.

    site: the host, for the record.
    """
    distinct = distinct_pages([page for page in pages if page.characters >= LEAST_CHARACTERS])
    groups = clusters([page.skeleton for page in distinct])
    found = [
        _learn_template([distinct[place] for place in group]) for group in groups if len(group) >= LEAST_PAGES
    ]
    templates = tuple(template for template in found if template is not None)
    lines = _site_lines(distinct)
    if not templates and not lines:
        return None
    return SiteProfile(site=site, templates=templates, lines=lines, pages=len(distinct))


def _site_lines(pages: Sequence[SamplePage]) -> tuple[RepeatedLine, ...]:
    """Return the sentences that stand on most of the pages: no article repeats another's.

    Of a single page they are its last sentences, which the next page may have, too.
    """
    if len(pages) == 1:
        own = [(page.lines[block], page.texts[block]) for page in pages for block in sorted(page.kept)]
        sentences = [
            RepeatedLine(letters=line, text=text, pages=1) for line, text in own if len(line) >= SENTENCE
        ]
        return tuple(sentences[-MOST_LINES:])
    stand = count_lines(page.lines for page in pages)
    texts = {page.lines[block]: page.texts[block] for page in pages for block in page.kept}
    found = [
        RepeatedLine(letters=line, text=text, pages=stand[line])
        for line, text in texts.items()
        if len(line) >= SENTENCE and stand[line] >= max(2, REPEATED_ANYWAY * len(pages))
    ]
    return tuple(sorted(found, key=lambda line: (-line.pages, line.letters))[:MOST_LINES])


def distinct_pages(pages: Sequence[SamplePage]) -> list[SamplePage]:
    """Return the pages without those that hold the same article as an earlier one."""
    found: list[SamplePage] = []
    for page in pages:
        own = page.long_lines
        if not any(_is_same(own, other.long_lines) for other in found):
            found.append(page)
    return found


def _is_same(first: frozenset[str], second: frozenset[str]) -> bool:
    return len(first & second) > SAME_PAGE * max(1, min(len(first), len(second)))


Cover = dict[str, frozenset[int]]
"""Selector -> the blocks of a page inside its elements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Body:
    """A candidate for the body of a template, with what is left out of it, and the fit of what remains."""

    selectors: tuple[str, ...]
    strip: tuple[StripEvidence, ...] = ()
    lines: tuple[RepeatedLine, ...] = ()
    beginnings: tuple[RepeatedLine, ...] = ()
    ends: tuple[RepeatedLine, ...] = ()
    paragraphs_first: bool = False
    fit: float


def _learn_template(pages: list[SamplePage]) -> Template | None:
    covers = [_covers(page) for page in pages]
    data = learn_data([page.data for page in pages])
    candidates = (_body(pages, covers, selectors) for selectors in _body_selectors(pages, covers))
    body = max(candidates, key=lambda found: found.fit, default=None)
    if data is not None and (data.is_first or body is None or body.fit < LEAST_FIT):
        body = _body_of_data(pages, covers)
    elif 2 * sum(DATA_BODY in cover for cover in covers) > len(pages):
        return None
    if body is None or body.fit < LEAST_FIT:
        return None
    lengths = sorted(page.characters for page in pages)
    outside, stray = learn_outside([page.long_texts for page in pages], body.selectors)
    return Template(
        body=body.selectors,
        fit=round(body.fit, 4),
        strip=body.strip,
        lines=body.lines,
        beginnings=body.beginnings,
        ends=body.ends,
        paragraphs_first=body.paragraphs_first,
        fields=_fields(pages),
        data=with_facts(data, [(page.metadata, page.data) for page in pages]) if data is not None else None,
        next_pages=learn_next_pages([_page_links(page) for page in pages]),
        begins_with_picture=fmean(page.begins_with_picture for page in pages) >= MOSTLY,
        skeleton=common_names([page.skeleton for page in pages]),
        pages=len(pages),
        characters=int(median(lengths)),
        shortest=lengths[0],
        longest=lengths[-1],
        outside=outside,
        stray=stray,
    )


def _page_links(page: SamplePage) -> PageLinks:
    return PageLinks(url=page.url, title=page.metadata.title, links=page.next_links)


def _fields(pages: Sequence[SamplePage]) -> tuple[FieldEvidence, ...]:
    picture = learn_picture([(page.metadata, page.pictures) for page in pages])
    found = learn_fields([(page.metadata, page.places) for page in pages])
    return (*found, picture) if picture is not None else found


def _body(pages: list[SamplePage], covers: list[Cover], selectors: Sequence[str]) -> _Body:
    """Return a body with what is left out of it."""
    inside = [_union(cover, selectors) for cover in covers]
    strip = _strip_selectors(pages, covers, inside)
    stripped = [_union(cover, [item.selector for item in strip]) for cover in covers]
    rest = [body - out for body, out in zip(inside, stripped, strict=True)]
    ends = _ends(pages, rest)
    for end in ends:
        rest = [_above(page, blocks, end.letters) for page, blocks in zip(pages, rest, strict=True)]
    lines = _repeated_lines(pages, rest)
    rest = [_without(page, blocks, lines) for page, blocks in zip(pages, rest, strict=True)]
    beginnings = _beginnings(pages, rest)
    rest = [_without(page, blocks, beginnings) for page, blocks in zip(pages, rest, strict=True)]
    first = _begin_with_furniture(pages, rest)
    read = [
        frozenset(from_paragraph(sorted(blocks), page.lengths) if first else blocks)
        for page, blocks in zip(pages, rest, strict=True)
    ]
    fit = fmean(_fit(page, blocks) for page, blocks in zip(pages, read, strict=True))
    fit -= HASHED_PENALTY * is_hashed(selectors[0])
    return _Body(
        selectors=tuple(selectors),
        strip=strip,
        lines=lines,
        beginnings=beginnings,
        ends=ends,
        paragraphs_first=first,
        fit=max(0.0, fit),
    )


def _without(page: SamplePage, blocks: frozenset[int], lines: Collection[RepeatedLine]) -> frozenset[int]:
    """Return some blocks without those that begin with one of the lines."""
    letters = tuple(line.letters for line in lines)
    return frozenset(block for block in blocks if not page.lines[block].startswith(letters))


def _body_of_data(pages: list[SamplePage], covers: list[Cover]) -> _Body:
    """Return what is left out of the articles that stand in the pages' data, without a selector."""
    inserted = [place for place, cover in enumerate(covers) if DATA_BODY in cover]
    if inserted:
        own = [pages[place] for place in inserted]
        return replace(_body(own, [covers[place] for place in inserted], [DATA_BODY]), selectors=())
    fit = fmean(text.like for page in pages for text in page.data if text.like >= LIKE)
    return _Body(selectors=(), fit=fit)


def _covers(page: SamplePage) -> Cover:
    found: defaultdict[str, set[int]] = defaultdict(set)
    for container in page.containers:
        blocks = range(container.first, container.end)
        for selector in container.selectors:
            found[selector].update(blocks)
    return {selector: frozenset(blocks) for selector, blocks in found.items()}


def _union(cover: Cover, selectors: Collection[str]) -> frozenset[int]:
    return frozenset().union(*(cover.get(selector, frozenset()) for selector in selectors))


def _fit(page: SamplePage, blocks: frozenset[int]) -> float:
    """Return the F1, by characters, of some blocks with the article's."""
    lengths = page.lengths
    both = sum(lengths[block] for block in blocks & page.kept)
    whole = sum(lengths[block] for block in blocks) + page.characters
    return 2 * both / whole if whole else 0.0


def _body_selectors(pages: list[SamplePage], covers: list[Cover]) -> Iterator[list[str]]:
    """Yield candidates for the body: a selector, with up to three more that agree with the articles."""
    counts = Counter(selector for cover in covers for selector in cover)
    del counts[DATA_BODY]
    common = [selector for selector, count in counts.items() if count >= max(2, len(pages) / 2)]
    scored = sorted(((_mean_fit(pages, covers, [one]), one) for one in common), reverse=True)[:MOST_SCORED]
    whole = sorted(((_mean_recall(pages, covers, one), fit, one) for fit, one in scored), reverse=True)
    first = [selector for _, selector in scored[:MOST_CANDIDATES]]
    first += [selector for recall, _, selector in whole[:MOST_CANDIDATES] if recall >= WHOLE]
    for selector in dict.fromkeys(first):
        yield _with_more(pages, covers, selector, [other for _, other in scored])


def _with_more(
    pages: list[SamplePage], covers: list[Cover], selector: str, others: Sequence[str]
) -> list[str]:
    """Return a selector of the body with further ones that raise its fit, such as that of a standfirst."""
    body = [selector]
    fit = _mean_fit(pages, covers, body)
    while len(body) < MOST_BODIES:
        best, more = max((_mean_fit(pages, covers, [*body, other]), other) for other in others)
        if best < fit + WORTHWHILE:
            break
        body.append(more)
        fit = best
    return body


def _mean_recall(pages: Sequence[SamplePage], covers: Sequence[Cover], selector: str) -> float:
    """Return the share of the articles, by characters, that a selector's elements hold."""
    held = sum(
        page.lengths[block]
        for page, cover in zip(pages, covers, strict=True)
        for block in cover.get(selector, frozenset()) & page.kept
    )
    return held / max(1, sum(page.characters for page in pages))


def _mean_fit(pages: Sequence[SamplePage], covers: Sequence[Cover], selectors: Collection[str]) -> float:
    return fmean(_fit(page, _union(cover, selectors)) for page, cover in zip(pages, covers, strict=True))


def _strip_selectors(
    pages: Sequence[SamplePage], covers: Sequence[Cover], inside: Sequence[frozenset[int]]
) -> tuple[StripEvidence, ...]:
    """Return the selectors inside the body whose text is hardly ever in the article, the most text first."""
    whole: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    seen: Counter[str] = Counter()
    for page, cover, body in zip(pages, covers, inside, strict=True):
        for selector, blocks in cover.items():
            within = blocks & body
            if within:
                seen[selector] += 1
                whole[selector] += sum(page.lengths[block] for block in within)
                kept[selector] += sum(page.lengths[block] for block in within & page.kept)
    found: list[StripEvidence] = []
    left_out = [set[int]() for _ in pages]
    for selector, size in whole.most_common():
        share = kept[selector] / size if size else 1.0
        rare = seen[selector] < 2 and share > 0
        if rare or share >= JUNK or len(found) >= MOST_STRIPPED:
            continue
        fresh = [
            cover.get(selector, frozenset()) & body - out
            for cover, body, out in zip(covers, inside, left_out, strict=True)
        ]
        if any(fresh):  # else the elements around it are left out already
            found.append(
                StripEvidence(
                    selector=selector,
                    pages=seen[selector],
                    kept=round(share, 3),
                    pictures=_holds_pictures(selector, pages),
                )
            )
            for out, blocks in zip(left_out, fresh, strict=True):
                out |= blocks
    return tuple(found)


def _holds_pictures(selector: str, pages: Sequence[SamplePage]) -> bool:
    return any(
        container.pictures
        for page in pages
        for container in page.containers
        if selector in container.selectors
    )


def _repeated_lines(
    pages: Sequence[SamplePage], inside: Sequence[frozenset[int]]
) -> tuple[RepeatedLine, ...]:
    """Return the lines of the bodies that stand on many pages and are no part of an article."""
    stand = count_lines(page.lines for page in pages)
    kept = count_lines([page.lines[block] for block in page.kept] for page in pages)
    texts = {
        page.lines[block]: page.texts[block]
        for page, body in zip(pages, inside, strict=True)
        for block in body
    }
    found = [
        RepeatedLine(letters=line, text=text, pages=stand[line])
        for line, text in texts.items()
        if line and _is_boilerplate(line, stand[line], kept.get(line, 0), len(pages))
    ]
    return tuple(sorted(found, key=lambda line: (-line.pages, line.letters))[:MOST_LINES])


def _begin_with_furniture(pages: Sequence[SamplePage], inside: Sequence[frozenset[int]]) -> bool:
    """Say whether the short lines above the first paragraph are hardly ever the article's."""
    seen = whole = kept = 0
    for page, body in zip(pages, inside, strict=True):
        first = next((block for block in sorted(body) if page.lengths[block] >= PARAGRAPH), 0)
        short = [block for block in body if block < first]
        if short:
            seen += 1
            whole += sum(page.lengths[block] for block in short)
            kept += sum(page.lengths[block] for block in short if block in page.kept)
    return seen >= max(2, REPEATED * len(pages)) and kept < JUNK * whole


def _beginnings(pages: Sequence[SamplePage], inside: Sequence[frozenset[int]]) -> tuple[RepeatedLine, ...]:
    """Return the beginnings that lines on many pages share, and that no line of an article has."""
    seen: Counter[str] = Counter()
    texts: dict[str, str] = {}
    articles: set[str] = set()
    for page, body in zip(pages, inside, strict=True):
        seen.update({page.lines[block][:BEGINNING] for block in body - page.kept})
        texts.update((page.lines[block][:BEGINNING], page.texts[block]) for block in body - page.kept)
        articles.update(page.lines[block][:BEGINNING] for block in page.kept)
    found = [
        RepeatedLine(letters=line, text=texts[line], pages=count)
        for line, count in seen.items()
        if len(line) == BEGINNING and count >= max(2, REPEATED * len(pages)) and line not in articles
    ]
    return tuple(sorted(found, key=lambda line: (-line.pages, line.letters))[:MOST_ENDS])


def _ends(pages: Sequence[SamplePage], inside: Sequence[frozenset[int]]) -> tuple[RepeatedLine, ...]:
    """Return the headings below which hardly any text is the article's, those of the most pages first.

    A heading that stands only below another one is left out.
    """
    found: list[RepeatedLine] = []
    bodies = list(inside)
    while len(found) < MOST_ENDS and (best := _best_end(pages, bodies)) is not None:
        found.append(best)
        bodies = [_above(page, body, best.letters) for page, body in zip(pages, bodies, strict=True)]
    return tuple(found)


def _best_end(pages: Sequence[SamplePage], bodies: Sequence[frozenset[int]]) -> RepeatedLine | None:
    seen: Counter[str] = Counter()
    below: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    texts: dict[str, str] = {}
    for page, body in zip(pages, bodies, strict=True):
        for line, (size, own, text) in _headings(page, body).items():
            seen[line] += 1
            below[line] += size
            kept[line] += own
            texts[line] = text
    ends = [
        (count, below[line], line)
        for line, count in seen.items()
        if count >= max(2, ENDS * len(pages)) and kept[line] < JUNK * below[line]
    ]
    if not ends:
        return None
    count, _, line = max(ends)
    return RepeatedLine(letters=line, text=texts[line], pages=count)


def _headings(page: SamplePage, body: frozenset[int]) -> dict[str, tuple[int, int, str]]:
    """Return the short lines of a body: the characters below them, those of the article, and the text."""
    size = own = 0
    found: dict[str, tuple[int, int, str]] = {}
    for block in sorted(body, reverse=True):
        line = heading_key(page.lines[block])
        if 0 < len(line) < SENTENCE and page.lengths[block] <= LONGEST_HEADING:
            found[line] = (size, own, page.texts[block])  # the topmost of several
        size += page.lengths[block]
        own += page.lengths[block] * (block in page.kept)
    return found


def _above(page: SamplePage, body: frozenset[int], end: str) -> frozenset[int]:
    """Return the blocks of a body above an end."""
    first = min((block for block in body if heading_key(page.lines[block]) == end), default=len(page.lines))
    return frozenset(block for block in body if block < first)


def _is_boilerplate(line: str, stands: int, kept: int, pages: int) -> bool:
    if stands < 2 or stands < REPEATED * pages:
        return False
    return 2 * kept < stands or (stands >= REPEATED_ANYWAY * pages and len(line) >= SENTENCE)
