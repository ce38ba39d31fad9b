"""One WARC file to one file of articles."""

from pathlib import Path
from typing import NoReturn

import orjson
import pytest

from tests.bulk.shards import PAGES, job, rows
from tests.bulk.warc_pages import story
from unabridged.bulk import shard as shard_module
from unabridged.bulk.shard import Filters, Job, extract_shard, finished, report_path
from unabridged.errors import ExportError, NotAWarc
from unabridged.extraction import extract


@pytest.mark.parametrize(
    ("filters", "titles", "left_out"),
    [
        (Filters(languages=("zh",)), ["Flow"], {"in another language": 1, "language not stated": 1}),
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
