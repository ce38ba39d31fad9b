"""Values inside feeds: dates, durations, people, labels."""

from datetime import UTC, datetime

import pytest

from tests.feeds.parsing.documents import rss_item


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2020/1/10 14:33:00", "2020-01-10"),
        ("mer, 16 nov 2022 10:00:00 +0100", "2022-11-16"),
        ("Seg, 24 Set 2018 19:42:40 -0300", "2018-09-24"),
        ("2024年2月1日", "2024-02-01"),
    ],
)
def test_dates_of_real_feeds_are_read(written: str, day: str) -> None:
    entry = rss_item(f"<pubDate>{written}</pubDate>")
    assert entry.published is not None and entry.published.at.date().isoformat() == day


def test_seconds_of_one_digit_are_seconds() -> None:
    entry = rss_item("<pubDate>2006-01-17T12:35:9+01:00</pubDate>")
    assert entry.published is not None
    assert entry.published.at == datetime(2006, 1, 17, 11, 35, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "written", ["yesterday-ish", "0000-00-00T00:00:00Z", "2106-02-09", "-0044-03-15", "1970-01-01T00:00:00Z"]
)
def test_a_date_of_nonsense_is_kept_raw_and_not_trusted(written: str) -> None:
    entry = rss_item(f"<pubDate>{written}</pubDate>")
    assert entry.published is None
    assert entry.extra == (("pubdate", written),)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("ana@b.example (Ana Ruiz)", "Ana Ruiz"),
        ("Ana Ruiz <ana@b.example>", "Ana Ruiz"),
        ("ana@b.example", "ana@b.example"),
        ("mailto:ana@b.example (Ana)", "Ana"),
        ("Ana @ the Paper", "Ana @ the Paper"),
    ],
)
def test_a_persons_name_is_told_from_the_mail_address(written: str, name: str) -> None:
    assert rss_item(f"<author>{written.replace('<', '&lt;')}</author>").authors == (name,)


def test_labels_hold_no_direction_marks_or_controls() -> None:
    assert rss_item("<title>a\u202eb\u2066c</title>").title == "abc"


@pytest.mark.parametrize(
    ("written", "title"),
    [
        ("When to use &lt;p&gt; and when &lt;br&gt;", "When to use <p> and when <br>"),
        ("&amp;lt;img&amp;gt; or &amp;lt;picture&amp;gt;?", "<img> or <picture>?"),
        ("The &lt;b&gt;, &lt;i&gt; and &lt;/i&gt; tags", "The <b>, <i> and </i> tags"),
        ("A &lt;b&gt;bold&lt;/b&gt; word", "A bold word"),
        ("One&lt;br&gt;two", "Onetwo"),
        ("&lt;p&gt;Whole&lt;/p&gt;", "Whole"),
    ],
)
def test_tags_that_are_the_subject_of_a_title_stay(written: str, title: str) -> None:
    assert rss_item(f"<title>{written}</title>").title == title
