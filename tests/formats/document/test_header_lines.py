"""First lines of a document: authors, dates, and two clocks told apart."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from tests.formats.document.documents import FIRST, FULL, SECOND, SERVICE, read, text_of
from unabridged.formats.document.document import parse_document, write_document
from unabridged.model import Clock

TEXT = f"<p>{FIRST}</p><p>{SECOND}</p>"


WHOLE = f"{FIRST}\n\n{SECOND}"


# Clocks


def test_the_service_clock_is_kept_apart_from_the_publishers() -> None:
    article = read(f"<div>05/05/2023 - 09:40</div>{TEXT}").article
    assert article.published is not None
    assert article.published.isoformat() == "2023-05-05T09:40:00+02:00"
    assert [(one.kind, one.at) for one in article.clocks if one.kind == "service"] == [("service", SERVICE)]
    assert article.text == WHOLE


def test_of_two_readings_of_a_date_the_one_before_the_service_clock_is_meant() -> None:
    clock = datetime(2023, 4, 6, 3, 0, tzinfo=UTC)
    article = read(
        f"<div>04/05/2023 - 23:30</div>{TEXT}", link="https://news.example.com/a", clock=clock
    ).article
    assert article.published is not None
    assert (article.published.month, article.published.day) == (4, 5)


def test_a_by_line_with_an_iso_time_gives_author_and_time() -> None:
    article = read(f"<i>李方<br>2023-05-05T08:15:00.000Z</i>{TEXT}").article
    assert article.authors == ("李方",)
    assert article.published == datetime(2023, 5, 5, 8, 15, tzinfo=UTC)
    assert article.clocks[0].zone_stated
    assert article.text == WHOLE


def test_a_time_element_is_believed() -> None:
    html = f'<time pudate="2023-05-05 10:12:00" datetime="2023-05-05 10:12:00">2023年5月5日</time>{TEXT}'
    article = read(html, link="https://cn.example.com/a").article
    assert article.published is not None
    assert article.published.isoformat() == "2023-05-05T10:12:00+08:00"
    assert not article.clocks[0].zone_stated
    assert article.text == WHOLE


def test_a_relative_time_counts_from_the_service_clock() -> None:
    article = read(f"<div>14 分钟前</div>{TEXT}").article
    assert article.published == SERVICE - timedelta(minutes=14)
    assert article.clocks[0].raw == "14 分钟前"
    assert article.text == WHOLE


def test_without_a_date_line_the_day_in_the_link_is_the_publishers() -> None:
    article = read(TEXT, link="https://news.example.fr/cn/20230504-story").article
    assert article.published is not None
    assert article.published.isoformat() == "2023-05-04T00:00:00+02:00"
    assert article.clocks[0].day_only


def test_a_text_that_begins_with_a_date_keeps_it() -> None:
    opening = (
        "2023年5月5日，城里发生了一件大事，许多人都在场，并且都看到了，事后议论纷纷，久久不散，直到深夜。"
    )
    assert text_of(f"<p>{opening}</p><p>{SECOND}</p>").startswith(opening)


def test_a_document_without_any_date_has_only_the_service_clock() -> None:
    article = read(TEXT).article
    assert article.published is None
    assert [one.kind for one in article.clocks] == ["service"]


def test_seconds_in_the_first_line_are_understood() -> None:
    document = parse_document(f"<!--{int(SERVICE.timestamp())}-->\n[t](https://a.example/b)\n---\n{TEXT}")
    assert document.clock == SERVICE


def test_the_clock_of_an_archiver_stays_the_first_line() -> None:
    article = replace(FULL, clocks=(*FULL.clocks, Clock(kind="service", at=SERVICE, origin="document")))
    first = write_document(article, crawled=datetime(2030, 1, 1, tzinfo=UTC))
    document = parse_document(first)
    assert document.article.clocks == article.clocks
    assert document.clock == SERVICE
    assert write_document(document.article, crawled=datetime(2031, 1, 1, tzinfo=UTC)) == first
