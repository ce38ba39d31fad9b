"""Documents made at random: reading never fails in a way of its own, writing is exact."""

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from unabridged.cleaning import clean_article
from unabridged.errors import DocumentError
from unabridged.extraction.body.fragment import clean_fragment
from unabridged.formats.document.document import parse_document, write_document
from unabridged.model import Article, Clock

WHEN = some.datetimes(
    min_value=datetime(1971, 1, 1),  # noqa: DTZ001 (hypothesis adds the zone)
    max_value=datetime(2037, 1, 1),  # noqa: DTZ001
    timezones=some.sampled_from([UTC, timezone(timedelta(hours=5, minutes=30))]),
)
WORDS = some.text(max_size=60)
HTML = some.lists(
    some.sampled_from(
        [
            "<p>",
            "</p>",
            "<pre>",
            "</pre>",
            "<b>",
            "<a href='https://a.example/?a=1&copy=2'>",
            "</a>",
            "\n\n",
            "&lt;",
            "&amp;lt;",
            "<img src=//i.example/1.jpg>",
            "-->",
            "<!--",
            "<script>",
            "Array",
            "text",
            "文字",
            "<table><tr><td>1",
            "<ul><li>",
            "05/05/2023 - 09:40",
            "<br>",
            "<h2>",
            "<figure>",
            "<iframe src=https://v.example/1>",
        ]
    ),
    max_size=14,
).map("".join)
ARTICLES = some.builds(
    Article,
    url=some.sampled_from(["", "https://a.example/b?x=](y)&z= 1", "https://a.example/龙"]),
    title=WORDS,
    authors=some.lists(WORDS, max_size=2).map(tuple),
    published=some.none() | WHEN,
    summary=WORDS,
    html=HTML.map(lambda html: clean_fragment(html, base="https://a.example/")),
    tags=some.lists(WORDS, max_size=2).map(tuple),
    clocks=some.lists(
        some.builds(
            Clock, kind=some.sampled_from(["feed", "service"]), at=WHEN, origin=some.just("document")
        ),
        max_size=2,
    ).map(tuple),
)
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(article=ARTICLES.map(clean_article), crawled=WHEN)
def test_any_article_written_read_and_written_is_the_same_to_the_byte(
    article: Article, crawled: datetime
) -> None:
    first = write_document(article, crawled=crawled)
    document = parse_document(first, path="articles/a/1.md")
    assert document.own
    assert write_document(document.article, crawled=document.clock) == first


@QUICK
@given(head=some.text(max_size=80), html=HTML, clock=some.integers(-(10**17), 10**17))
def test_any_document_is_read_or_refused_with_our_own_error(head: str, html: str, clock: int) -> None:
    for content in (
        head + html,
        f"<!--{clock}-->\n[{head}](https://a.example/1)\n---\n{html}",
        f"<!--{clock}-->\n[t](https://a.example/1)\n---\n\n<!--unabridged {head}-->\n{html}",
    ):
        try:
            article = parse_document(content.encode("utf-8", "surrogatepass")).article
        except DocumentError:
            continue
        assert "<script" not in article.html


@QUICK
@given(content=some.binary(max_size=300))
def test_any_bytes_are_read_or_refused_with_our_own_error(content: bytes) -> None:
    try:
        parse_document(content, path="x.md")
    except DocumentError as error:
        assert str(error).startswith("x.md")
