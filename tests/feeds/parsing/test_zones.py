"""Times without a zone in feeds."""

import pytest

from tests.feeds.parsing.documents import NOW, read, rss_item
from unabridged.model import Clock


def published(head: str, written: str, link: str = "https://paper.example/") -> Clock:
    feed = read(
        f"<rss><channel><link>{link}</link>{head}<item><title>x</title><pubDate>{written}</pubDate></item>"
        "</channel></rss>"
    )
    found = feed.entries[0].published
    assert found is not None and not found.zone_stated
    return found


@pytest.mark.parametrize(
    ("head", "link", "offset"),
    [
        ("<language>zh-CN</language>", "https://paper.example/", "+08:00"),
        ("<language>zh_tw</language>", "https://paper.example/", "+08:00"),
        ("<language>ja</language>", "https://paper.example/", "+09:00"),
        ("<language>ko-KR</language>", "https://paper.example/", "+09:00"),
        ("", "https://news.paper.cn/", "+08:00"),
        ("", "https://paper.co.jp/", "+09:00"),
        ("<language>en</language>", "https://paper.example/", "+00:00"),
    ],
)
def test_a_time_without_a_zone_is_in_the_zone_of_the_feed(head: str, link: str, offset: str) -> None:
    assert published(head, "2025-11-29 16:49:21", link).at.isoformat() == f"2025-11-29T16:49:21{offset}"


def test_a_time_without_a_zone_is_never_in_the_future() -> None:
    found = published("", "2026-01-01 07:30:00")
    assert found.at.isoformat() == "2026-01-01T07:30:00+08:00" and found.at <= NOW


def test_a_day_without_a_time_stays_that_day() -> None:
    assert published("<language>zh</language>", "2025-11-29").at.isoformat() == "2025-11-29T00:00:00+00:00"


def test_a_stated_zone_is_kept() -> None:
    entry = rss_item("<language>zh</language><pubDate>2025-11-29T16:49:21+01:00</pubDate>")
    assert entry.published is not None and entry.published.at.isoformat() == "2025-11-29T16:49:21+01:00"
