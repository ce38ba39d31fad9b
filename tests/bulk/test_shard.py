"""One WARC file to one file of articles."""

from pathlib import Path
from typing import NoReturn

import orjson
import pytest

from tests.bulk.shards import PAGES, job, rows
from tests.bulk.sites.site_pages import PROMOTION, site_page, site_pages
from tests.bulk.warc_pages import story
from unabridged.bulk import shard as shard_module
from unabridged.bulk.shard import (
    Filters,
    Job,
    SiteOptions,
    extract_shard,
    finished,
    profiles_path,
    report_path,
)
from unabridged.errors import ExportError, NotAWarc
from unabridged.extraction import extract


@pytest.mark.parametrize(
    ("filters", "titles", "left_out"),
    [
        (Filters(languages=("zh",)), ["Flow"], {"in another language": 2}),
        (Filters(hosts=("quay.example",)), ["Ebb", "Flow"], {"of another host": 1}),
        (Filters(hosts=("uay.example",)), [], {"of another host": 4}),
    ],
)
def test_pages_are_chosen_by_language_and_host_and_the_rest_is_counted(
    tmp_path: Path, filters: Filters, titles: list[str], left_out: dict[str, int]
) -> None:
    one = job(tmp_path, PAGES, filters=filters)
    report = extract_shard(one)
    assert [row["title"] for row in rows(one.target)] == titles
    assert {why: count for why, count in report.left_out.items() if why != "no HTML"} == left_out


def test_the_same_file_gives_the_same_bytes(tmp_path: Path) -> None:
    one = job(tmp_path, PAGES)
    extract_shard(one)
    before = one.target.read_bytes()
    extract_shard(one)
    assert one.target.read_bytes() == before


def test_a_page_that_takes_too_long_is_left_out_and_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def hang(*args: object, **kwargs: object) -> NoReturn:
        while True:
            pass

    slow = lambda body, **given: (hang if b"Flow" in body else extract)(body, **given)  # noqa: E731
    monkeypatch.setattr(shard_module, "extract", slow)
    report = extract_shard(job(tmp_path, PAGES, page_seconds=0.3))
    assert (report.articles, report.failed) == (2, 1)
    assert (report.troubles[0].url, "0.3 seconds" in report.troubles[0].why) == (PAGES[1][0], True)


def test_damage_is_named_with_its_place_and_the_rest_is_there(tmp_path: Path) -> None:
    one = job(tmp_path, PAGES[:3])
    source = tmp_path / "quay.warc.gz"
    source.write_bytes(source.read_bytes()[:-30])
    report = extract_shard(one)
    assert (report.articles, report.failed) == (2, 1)
    assert report.troubles[0].position > 0
    assert "is truncated" in report.troubles[0].why
    assert orjson.loads(report_path(one.target).read_bytes())["failed"] == 1


def test_an_address_that_is_none_costs_no_text(tmp_path: Path) -> None:
    one = job(tmp_path, [("http://[", story("Ebb", "en"))])
    assert extract_shard(one).articles == 1


def test_a_file_that_is_no_warc_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "quay.warc.gz").write_bytes(b"<html>")
    one = Job(source=tmp_path / "quay.warc.gz", target=tmp_path / "out/quay.parquet")
    with pytest.raises(NotAWarc):
        extract_shard(one)
    assert list((tmp_path / "out").iterdir()) == []


def test_a_full_disk_is_told_and_leaves_nothing_under_the_final_name(
    tmp_path: Path, small_disk: Path
) -> None:
    pages = [(f"https://quay.example/{n}", story(f"Ebb {n}", "en", unlike=True)) for n in range(60)]
    one = job(tmp_path, pages, format="jsonl")
    full = Job(source=one.source, target=small_disk / "quay.jsonl", format="jsonl")
    with pytest.raises(ExportError, match=r"No space left.*run the same command again"):
        extract_shard(full)
    assert not full.target.exists()
    assert finished(full) is None


def test_what_is_finished_is_known_and_other_options_are_refused(tmp_path: Path) -> None:
    one = job(tmp_path, PAGES)
    assert finished(one) is None
    report = extract_shard(one)
    assert finished(one) == report
    with pytest.raises(ExportError, match="other options"):
        finished(Job(source=one.source, target=one.target, filters=Filters(languages=("zh",))))
    report_path(one.target).write_bytes(b'{"source": "quay')
    assert finished(one) is None


MIXED = [*site_pages("quay.example", 12), *site_pages("few.example", 4)]


def body_from(one: Job) -> list[tuple[str, str]]:
    return [(row["url"].split("/")[2], row["body_from"]) for row in rows(one.target)]


def test_hosts_with_many_pages_are_read_by_what_was_learnt_and_others_page_by_page(tmp_path: Path) -> None:
    one = job(tmp_path, MIXED, format="jsonl")
    report = extract_shard(one)
    assert body_from(one) == [("quay.example", "learnt")] * 12 + [("few.example", "page")] * 4
    assert (report.articles, report.sites, report.by_profile, report.suspect) == (16, 1, 12, {})
    learnt = rows(one.target)
    assert not any(PROMOTION in row["text"] for row in learnt[:12])
    once = job(tmp_path / "out", MIXED, format="jsonl", sites=SiteOptions(learn=False))
    assert extract_shard(once).by_profile == 0
    assert rows(once.target)[12:] == learnt[12:], "pages of hosts with few pages are the same either way"
    assert [row["title"] for row in rows(once.target)] == [row["title"] for row in learnt]


def test_saved_profiles_read_another_file_without_learning(tmp_path: Path) -> None:
    first = job(tmp_path, MIXED, format="jsonl", sites=SiteOptions(save=True))
    extract_shard(first)
    saved = profiles_path(first.target)
    options = SiteOptions(learn=False, profiles=saved)
    other = job(tmp_path / "out", [site_page("quay.example", 99)], format="jsonl", sites=options)
    report = extract_shard(other)
    assert body_from(other) == [("quay.example", "learnt")]
    assert (report.sites, report.by_profile) == (1, 1)
    assert finished(other) == report
    saved.write_bytes(b"{}")
    with pytest.raises(ExportError, match="other options"):
        finished(other)
    extract_shard(other)
    assert body_from(other) == [("quay.example", "page")]


def test_a_file_whose_profiles_are_wanted_and_missing_is_not_finished(tmp_path: Path) -> None:
    one = job(tmp_path, MIXED, format="jsonl")
    extract_shard(one)
    wanted = Job(source=one.source, target=one.target, format="jsonl", sites=SiteOptions(save=True))
    assert finished(wanted) is None
    report = extract_shard(wanted)
    assert finished(wanted) == report


def test_a_site_that_changes_its_design_midway_loses_no_article(tmp_path: Path) -> None:
    old = site_pages("quay.example", 60)
    new = [site_page("quay.example", number, template="new") for number in range(100, 108)]
    one = job(tmp_path, [*new[:2], *old, *new[2:]], format="jsonl")
    report = extract_shard(one)
    assert report.articles == 68
    assert all(len(row["text"]) > 1000 for row in rows(one.target))


def test_a_host_with_a_template_for_every_page_is_read_the_general_way(tmp_path: Path) -> None:
    pages = [site_page("hostile.example", number, template=f"t{number}") for number in range(40)]
    one = job(tmp_path, pages, format="jsonl")
    report = extract_shard(one)
    assert (report.articles, report.by_profile) == (40, 0)
