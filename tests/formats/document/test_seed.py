"""The document that the project began with, word by word."""

import os
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from unabridged.archive import Archive, Query
from unabridged.formats.import_files import import_paths
from unabridged.urls import identity

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CORPUS = Path(os.environ.get("UNABRIDGED_CORPUS") or Path(__file__).parents[3] / ".." / "shared" / "corpus")
SEED = CORPUS.parent / "seed"


@pytest.fixture
def seed() -> Path:
    if not SEED.is_dir():
        pytest.skip(f"the seed document is not here ({SEED}); set UNABRIDGED_CORPUS")
    return SEED


def test_the_seed_gives_one_whole_article_and_nothing_else(archive: Archive, seed: Path) -> None:
    report = import_paths(archive, [seed], now=NOW)

    assert (report.count("new"), len(report.articles)) == (1, 1)
    assert report.failed == []
    article = archive.library().articles.get(report.articles[0]).article
    blocks = article.text.split("\n\n")
    assert blocks == paragraphs_of(seed)
    assert len(blocks) == 4
    assert article.text.startswith("中共总书记习近平昨天主持")
    assert article.text.endswith("突围的企图心。")
    assert article.summary == blocks[0]


def paragraphs_of(seed: Path) -> list[str]:
    """The words of the document's own paragraphs, found without any of our code."""
    [file] = seed.glob("*.txt")
    found = re.findall(r"<p>(.*?)</p>", file.read_text(encoding="utf-8"), re.DOTALL)
    texts = (re.sub(r"<[^>]+>", "", one).replace("\xa0", " ").strip() for one in found)
    return [text for text in texts if text]


def test_the_seeds_furniture_is_gone(archive: Archive, seed: Path) -> None:
    import_paths(archive, [seed], now=NOW)
    [stored] = archive.library().articles.page(Query()).articles

    body = stored.article.html
    for word in (
        "分享",
        "facebook",
        "whatsapp",
        "x.com",
        "rfi.my",
        "selfpromo",
        "feedx",
        "RSS",
        "share",
        "16:28",
    ):
        assert word not in body
    assert body.count("<img ") == 1
    assert body.count("<p>") == 4
    assert stored.article.links == ()
    assert stored.article.lead_image is not None
    assert stored.article.lead_image.endswith("/w:1280/p:16x9/xi-8.jpg")
    assert [one.url for one in stored.article.media] == [stored.article.lead_image]


def test_the_seeds_two_clocks_are_told_apart(archive: Archive, seed: Path) -> None:
    import_paths(archive, [seed], now=NOW)
    [stored] = archive.library().articles.page(Query()).articles

    article = stored.article
    assert article.published is not None
    assert article.published.isoformat() == "2024-02-01T16:28:00+01:00"
    assert article.provenance["published"] == "document"
    clocks = {(one.kind, one.origin): one for one in article.clocks}
    published = clocks["published", "document"]
    assert (published.raw, published.zone_stated) == ("01/02/2024 - 16:28", False)
    assert clocks["service", "document"].at == datetime(2024, 2, 1, 15, 45, 2, tzinfo=UTC)
    assert clocks["service", "document"].at - published.at == timedelta(minutes=17, seconds=2)
    assert clocks["published", "url"].day_only
    assert stored.at == article.published
    assert stored.first_seen == clocks["service", "document"].at


def test_the_seeds_link_and_its_readable_form_are_one(archive: Archive, seed: Path) -> None:
    import_paths(archive, [seed], now=NOW)
    readable = "https://www.rfi.fr/cn/中国/20240201-中共政治局集体开班-习近平主讲科技创新"

    found = archive.library().articles.find(readable)

    assert found is not None
    assert identity(found.article.url) == identity(readable)
    assert found.article.title == "中共政治局集体开班 习近平主讲科技创新"
    assert found.article.language == "zh"
    assert found.source == "rfi.fr"


def test_the_seed_a_second_time_changes_nothing(
    archive: Archive, open_archive: Callable[[str], Archive], seed: Path
) -> None:
    import_paths(archive, [seed], now=NOW)
    before = archive.library().articles.items_after(0)

    report = import_paths(archive, [seed], now=NOW + timedelta(days=1))

    assert (report.count("same"), len(report.articles)) == (1, 1)
    assert archive.library().articles.items_after(0) == before
