"""Learning of a site from its pages: which elements hold the article, and what in them is boilerplate.

The general extraction is the teacher: it is right on most pages and wrong on different ones, so that what its
selections have in common is better than each of them (wrapper induction with noisy labels: Dalvi, Kumar,
Soliman, "Automatic Wrappers for Large Scale Web Extraction", 2011).
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from statistics import fmean, median

from unabridged.extraction.selection.lines import count_lines
from unabridged.extraction.sites.outside import learn_outside
from unabridged.extraction.sites.places import learn_fields
from unabridged.extraction.sites.profile import RepeatedLine, SiteProfile, StripEvidence, Template
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
WORTHWHILE = 0.01
"""Rise of the fit for which a further body selector is taken, such as that of a standfirst."""
MOST_BODIES = 3
MOST_STRIPPED = 40
MOST_LINES = 60
JUNK = 0.1
"""Share of an element's text in the articles below which it is left out. Measured on `sites dragnet`: .1
gives an F1 of .946, .25 and .5 give .945, nothing left out gives .944."""
HASHED_PENALTY = 0.02
REPEATED = 0.3
"""Share of the pages on which a line must stand to be left out, if the teacher left it out mostly."""
REPEATED_ANYWAY = 0.5
"""The same for a line that the teacher kept, if it is a whole sentence: headings such as "Ingredients" stand
on many pages and belong to the articles."""
SENTENCE = 25
"""Letters of a line that is no heading."""


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
    """Return the sentences that stand on at least half of the pages: no article repeats another's."""
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


def _learn_template(pages: list[SamplePage]) -> Template | None:
    covers = [_covers(page) for page in pages]
    body, fit = _body_selectors(pages, covers)
    if not body or fit < LEAST_FIT:
        return None
    inside = [_union(cover, body) for cover in covers]
    strip = _strip_selectors(pages, covers, inside)
    lengths = sorted(page.characters for page in pages)
    outside, stray = learn_outside([page.long_texts for page in pages], body)
    return Template(
        body=tuple(body),
        fit=round(fit, 4),
        strip=strip,
        lines=_repeated_lines(pages, inside),
        fields=learn_fields([(page.metadata, page.places) for page in pages]),
        declared_picture=_mostly(pages, "declared_picture", 0.9),
        begins_with_picture=_mostly(pages, "begins_with_picture", 0.6),
        skeleton=common_names([page.skeleton for page in pages]),
        pages=len(pages),
        characters=int(median(lengths)),
        shortest=lengths[0],
        longest=lengths[-1],
        outside=outside,
        stray=stray,
    )


def _mostly(pages: Sequence[SamplePage], name: str, share: float) -> bool:
    return fmean(getattr(page, name) for page in pages) >= share


Cover = dict[str, frozenset[int]]
"""Selector -> the blocks of a page inside its elements."""


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


def _body_selectors(pages: list[SamplePage], covers: list[Cover]) -> tuple[list[str], float]:
    """Return the best selector of the body, and up to two more that add much; with their mean fit."""
    counts = Counter(selector for cover in covers for selector in cover)
    scored = sorted(
        (
            (_mean_fit(pages, covers, [selector]) - HASHED_PENALTY * is_hashed(selector), selector)
            for selector, count in counts.items()
            if count >= max(2, len(pages) / 2)
        ),
        reverse=True,
    )
    if not scored:
        return [], 0.0
    body = [scored[0][1]]
    fit = _mean_fit(pages, covers, body)
    while len(body) < MOST_BODIES:
        more = [(_mean_fit(pages, covers, [*body, selector]), selector) for _, selector in scored[:60]]
        best, selector = max(more)
        if best < fit + WORTHWHILE:
            break
        body.append(selector)
        fit = best
    return body, fit


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


def _is_boilerplate(line: str, stands: int, kept: int, pages: int) -> bool:
    if stands < 2 or stands < REPEATED * pages:
        return False
    return 2 * kept < stands or (stands >= REPEATED_ANYWAY * pages and len(line) >= SENTENCE)
