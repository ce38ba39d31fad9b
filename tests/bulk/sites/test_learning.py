"""Sites of a WARC file that are learnt from some of its pages."""

import gzip
from pathlib import Path

import pytest

from tests.bulk.sites.site_pages import PROMOTION, site_page, site_pages
from tests.bulk.warc_pages import write_pages
from unabridged.bulk.sites.learning import LEAST_PAGES, MOST_TRIED, Learning, is_good, learn_sites
from unabridged.errors import NotAWarc
from unabridged.extraction.sites.profile import SiteProfile
from unabridged.warc_reader import page_heads


def learnt(
    path: Path, *, known: tuple[str, ...] = (), skip: tuple[int, ...] = ()
) -> tuple[dict[str, SiteProfile], list[tuple[int, float]]]:
    looked: list[tuple[int, float]] = []
    learning = Learning(
        page_seconds=5,
        known=known,
        is_wanted=lambda site: site != "unwanted.example",
        skip=skip,
        note=lambda position, done: looked.append((position, done)),
    )
    return {profile.site: profile for profile in learn_sites(path, learning)}, looked


def test_hosts_with_enough_pages_are_learnt_and_the_others_are_not(tmp_path: Path) -> None:
    pages = site_pages("many.example", 30) + site_pages("five.example", LEAST_PAGES)
    pages += site_pages("four.example", LEAST_PAGES - 1)
    pages += site_pages("known.example", 6) + site_pages("unwanted.example", 6)
    found, looked = learnt(write_pages(tmp_path / "a.warc.gz", pages), known=("known.example",))
    assert set(found) == {"many.example", "five.example"}
    assert found["many.example"].templates[0].body == ("div.story-text",)
    assert "story-promo" in str(found["many.example"]) or PROMOTION in str(found["many.example"])
    assert is_good(found["many.example"], found["many.example"].pages)
    assert [done for _, done in looked] == sorted(done for _, done in looked)
    assert len(looked) <= len(pages) + 10 + LEAST_PAGES


def test_pages_that_ended_an_earlier_try_teach_nothing(tmp_path: Path) -> None:
    path = write_pages(tmp_path / "a.warc.gz", site_pages("five.example", 6))
    places = tuple(head.position for head in page_heads(path))
    found, _ = learnt(path, skip=places[:4])
    assert found == {}
    found, _ = learnt(path, skip=places[:1])
    assert found["five.example"].pages == 5


def test_pages_without_an_article_are_given_up_after_a_few(tmp_path: Path) -> None:
    pages = site_pages("lists.example", 100, paragraphs=0)
    heads = 100
    found, looked = learnt(write_pages(tmp_path / "a.warc.gz", pages))
    assert found == {}
    assert len(looked) - heads <= MOST_TRIED


def test_a_host_with_a_template_for_every_page_costs_few_samples(tmp_path: Path) -> None:
    pages = [
        site_page("hostile.example", number, template=f"t{number}x{number * 7919}") for number in range(1000)
    ]
    found, looked = learnt(write_pages(tmp_path / "a.warc.gz", pages))
    assert len(looked) - len(pages) <= MOST_TRIED
    assert found == {} or len(found["hostile.example"].templates) <= MOST_TRIED


def test_a_file_of_one_compressed_member_is_not_learnt_from(tmp_path: Path) -> None:
    path = write_pages(tmp_path / "a.warc.gz", site_pages("many.example", 8))
    path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes())))
    assert learnt(path)[0] == {}


def test_damaged_records_are_passed_over(tmp_path: Path) -> None:
    path = write_pages(tmp_path / "a.warc.gz", site_pages("many.example", 12))
    data = bytearray(path.read_bytes())
    places = [head.position for head in page_heads(path)]
    data[places[3] + 60 : places[3] + 90] = b"\0" * 30
    path.write_bytes(data)
    assert set(learnt(path)[0]) == {"many.example"}


def test_what_is_no_warc_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(b"<html>")
    with pytest.raises(NotAWarc):
        learnt(tmp_path / "a.warc.gz")
