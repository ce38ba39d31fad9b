"""Reading of pages by profiles within one run."""

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest

from tests.bulk.sites.site_pages import site_page, site_pages
from unabridged.bulk.sites import reading
from unabridged.bulk.sites.reading import COMPARED, SiteReader
from unabridged.extraction.request import ExtractRequest
from unabridged.extraction.sites.choose import extract_known
from unabridged.extraction.sites.learn import learn
from unabridged.extraction.sites.outcome import KnownPart
from unabridged.extraction.sites.profile import SiteProfile
from unabridged.extraction.sites.samples import sample_page
from unabridged.extraction.sites.written import to_json
from unabridged.model import Article

NOW = datetime(2024, 6, 1, tzinfo=UTC)


def profile(site: str) -> str:
    found = learn(site, [sample_page(html, url, now=NOW) for url, html in site_pages(site, 6)])
    assert found is not None
    return to_json(found)


def read(reader: SiteReader, pages: Iterable[tuple[str, bytes]]) -> list[Article | None]:
    return [reader.read(ExtractRequest(html=html, url=url, now=NOW)) for url, html in pages]


def test_known_sites_are_read_by_their_profile_and_others_are_left_to_the_caller() -> None:
    reader = SiteReader({"quay.example": profile("quay.example")})
    known = read(reader, site_pages("quay.example", 10))
    assert {article.provenance["html"] for article in known if article} == {"learnt"}
    assert read(reader, [*site_pages("other.example", 1), ("", b"<p>x"), ("http://[", b"<p>x")]) == [None] * 3
    assert (reader.sites, reader.by_profile, reader.suspect) == (1, 10, {})
    assert list(reader.trusted()) == [reader.texts["quay.example"]]


def test_a_redesign_within_a_run_raises_an_alarm_and_loses_no_text() -> None:
    reader = SiteReader({"quay.example": profile("quay.example")})
    old, new = site_pages("quay.example", 4), [site_page("quay.example", n, template="new") for n in range(9)]
    articles = read(reader, old + new)
    assert "matched nothing" in reader.suspect["quay.example"]
    assert articles.index(None) == 7, "three pages of the new design raise the alarm"
    assert all(len(article.text) > 1000 for article in articles if article)
    assert list(reader.trusted()) == []


def test_one_page_in_twenty_goes_both_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[bool] = []

    def noted(request: ExtractRequest, profile: SiteProfile, *, compare: bool) -> KnownPart:
        compared.append(compare)
        return extract_known(request, profile, compare=compare)

    monkeypatch.setattr(reading, "extract_known", noted)
    sites = [f"s{number}.example" for number in range(COMPARED)]
    text = profile("quay.example")
    reader = SiteReader(dict.fromkeys(sites, text))
    for site in sites:
        read(reader, site_pages(site, 2))
    assert 0 < sum(compared) < 10, "sites with few pages are compared too, but not each of them"
    compared.clear()
    read(reader, site_pages(sites[0], 2 * COMPARED))
    assert sum(compared) == 2


def test_articles_of_unusual_length_raise_no_alarm_if_both_ways_agree() -> None:
    reader = SiteReader({"quay.example": profile("quay.example")})
    long = [site_page("quay.example", number, paragraphs=60) for number in range(10)]
    articles = read(reader, long)
    assert reader.suspect == {}
    assert all(article is not None and article.text.count("\n\n") == 59 for article in articles)


def test_few_profiles_are_held_as_records_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_PARSED", 2)
    text = profile("quay.example")
    reader = SiteReader({f"s{number}.example": text for number in range(5)})
    for number in (0, 1, 2, 3, 4, 0):
        assert read(reader, site_pages(f"s{number}.example", 1))[0] is not None
    assert len(reader._profiles) == 2


def test_an_unusable_profile_is_as_none() -> None:
    reader = SiteReader({"quay.example": "{}"})
    assert read(reader, site_pages("quay.example", 1)) == [None]
