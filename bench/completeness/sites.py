"""The site's own measure: pages of one site, cut without any other sign, judged with and without its profile.

Leave one out: the profile is learnt from a site's other pages. Sites have at least `LEAST_PAGES` pages.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from bench.completeness.cases import LabelledCase
from bench.completeness.cuts import SITE_CUTS, NotCut, cut_page
from bench.completeness.measure import Answer, baseline
from bench.corpora import Case, corpus_folder, page_sets
from unabridged.errors import UnabridgedError
from unabridged.extraction.article import extract_part
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.sites.choose import extract_known
from unabridged.extraction.sites.learn import distinct_pages, learn
from unabridged.extraction.sites.profile import SiteProfile
from unabridged.extraction.sites.samples import SamplePage, sample_page
from unabridged.model import Article
from unabridged.text.words import estimate_words

LEAST_PAGES = 5
MOST_PAGES = 20
"""Pages of one site that are used, in the order of their names."""


def site_pages() -> dict[str, list[Case]]:
    """Return the sites of the corpora with enough pages."""
    grouped: dict[str, list[Case]] = defaultdict(list)
    for one in page_sets(corpus_folder(), frozenset(), None):
        if one.name.startswith("sites "):
            for case in one.cases:
                grouped[case.key.partition("/")[0]].append(case)
    return {site: cases[:MOST_PAGES] for site, cases in grouped.items() if len(cases) >= LEAST_PAGES}


def site_answers(site: str, cases: Sequence[Case]) -> tuple[list[Answer], list[Answer]]:
    """Return the answers on a site's pages and their cuts: without and with its profile."""
    samples = dict(_samples(cases))
    without, with_profile = [], []
    for case in cases:
        own = samples.get(case.key)
        if own is None:
            continue
        others = [
            one for key, one in samples.items() if key != case.key and len(distinct_pages([own, one])) == 2
        ]
        profile = learn(site, others)
        for labelled in _cut_cases(case, site):
            request = ExtractRequest(html=labelled.html, url=labelled.url)
            without.append(_answer(labelled, extract_part(request).article))
            with_profile.append(_answer(labelled, _known(request, profile)))
    return without, with_profile


def _known(request: ExtractRequest, profile: SiteProfile | None) -> Article:
    if profile is None:
        return extract_part(request).article
    return extract_known(replace(request), profile).part.article


def _answer(case: LabelledCase, article: Article) -> Answer:
    count = estimate_words(article.text)
    return Answer(case=case, said=article.completeness, words=count, baseline=baseline(count))


def _samples(cases: Sequence[Case]) -> Iterator[tuple[str, SamplePage]]:
    for case in cases:
        try:
            yield case.key, sample_page(case.read(), case.url)
        except UnabridgedError:
            continue


def _cut_cases(case: Case, site: str) -> Iterator[LabelledCase]:
    for cut in SITE_CUTS:
        try:
            made = cut_page(case.read(), case.truth["text"], "en", cut)
        except NotCut:
            return
        yield LabelledCase(
            name=f"{case.key} {cut.name}",
            origin="cut",
            recipe=cut.name,
            verdict=cut.verdict,
            html=made.html,
            group=site,
            url=case.url,
        )
