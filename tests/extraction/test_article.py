"""`extract` makes an article of any page, and of none raises anything but NotAPage or InvalidURL."""

import gzip
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from unabridged.errors import InvalidURL, NotAPage
from unabridged.extraction import article_from_entry, extract
from unabridged.extraction.explain import describe_column, explain
from unabridged.extraction.html.dom import parse
from unabridged.extraction.selection.select import select
from unabridged.model import Article, Clock, Entry, Feed

WHEN = datetime(2024, 3, 1, 10, 0, tzinfo=UTC)
LINES = (
    "The council met on Tuesday to decide about the old bridge, and after four hours it chose to wait.",
    "Money is the reason: the county had promised half of the sum for this spring, said the mayor, Ada Berg.",
    "Engineers closed one of its two lanes in autumn, when divers found cracks in the third pier.",
    "Shopkeepers on the far bank speak of a lost season; one of them counted eleven customers on a Saturday.",
    "Until the repair begins, lorries take the motorway, which adds twenty kilometres to every trip.",
    "A vote on the loan is planned for June, and nobody at the meeting wanted to say how it will end.",
)
STORY = "".join(f"<p>{line}</p>" for line in LINES)
PAGE = f"""<!doctype html><html lang=en><head><title>The bridge waits | The Paper</title>
<meta property=og:title content="The bridge waits"><meta property=og:site_name content="The Paper">
<meta property=article:published_time content="2024-03-01T09:00:00+01:00">
<link rel=canonical href="/a/bridge">
</head><body><nav><a href=/>Home</a> <a href=/news>News</a></nav><article><h1>The bridge waits</h1>{STORY}
<div class=share><a href="https://twitter.com/intent/tweet?url=x">Tweet</a></div></article>
<footer>All rights reserved</footer></body></html>"""


def test_an_article_has_its_text_body_and_metadata_with_their_origins() -> None:
    article = extract(PAGE, url="https://paper.example/a/bridge?utm_source=x")
    assert article.title == "The bridge waits"
    assert article.published is not None and article.published.isoformat() == "2024-03-01T09:00:00+01:00"
    assert article.canonical_url == "https://paper.example/a/bridge"
    assert article.text == "\n\n".join(LINES)
    assert article.html.count("<p>") == 6 and "Tweet" not in article.text and "Home" not in article.text
    assert article.markdown == article.text
    assert article.completeness.kind == "full" and article.provenance["html"] == "page"


def test_bytes_of_another_charset_read_the_same() -> None:
    page = (
        "<meta charset=gb18030><title>桥</title><article>"
        + "<p>市议会在星期二决定等待资金，桥梁暂缓修建。</p>" * 8
    )
    article = extract(page.encode("gb18030"), url="https://paper.example/z")
    assert "市议会在星期二决定等待资金" in article.text


@pytest.mark.parametrize(
    "data", [b"", b"  \n", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9, b"%PDF-1.7 x", ""]
)
def test_what_is_no_page_is_named(data: bytes | str) -> None:
    with pytest.raises(NotAPage):
        extract(data)


@pytest.mark.parametrize("url", ["http://[", "//[", "http://[::1/x]"])
@pytest.mark.parametrize("reader", [extract, explain])
def test_an_address_that_is_none_is_refused_by_name(reader: Callable[..., object], url: str) -> None:
    with pytest.raises(InvalidURL):
        reader(PAGE, url=url)


@pytest.mark.parametrize(
    "page",
    [
        "x",
        "<",
        "<html></html>",
        "\ud800\udfff<p>surrogates</p>",
        "<p>" * 20_000,
        "<div>" * 100_000 + "deep",
        "<a href='" + "x" * 100_000 + "'>long</a>",
        "<table>" * 2_000 + "<td>cell",
        "<p " + "a=1 " * 20_000 + ">attributes",
        "<article>" + "<b>" * 5_000 + STORY,
        "<script>" + "x" * 100_000,
        "<ul>" + "<li>item of a list that is long enough to be text " * 3_000,
        STORY + "<img src=/a.jpg srcset='" + "a 1w," * 20_000 + "'>" + STORY,
        '<base href="javascript:alert(1)">' + STORY + "<a href=x>y</a>",
        '<base href="http://[">' + STORY + "<a href=x>y</a><img src=//[::1>",
    ],
)
def test_odd_pages_give_an_article(page: str) -> None:
    assert isinstance(extract(page, url="https://paper.example/odd"), Article)


def test_without_an_address_links_that_need_one_are_words() -> None:
    page = PAGE.replace("/a/bridge", "").replace("county", "<a href=/m>county</a>")
    assert "county" in extract(page).text and 'href="/m"' not in extract(page).html


def test_extracting_twice_gives_the_same() -> None:
    assert extract(PAGE, url="https://paper.example/a") == extract(PAGE, url="https://paper.example/a")


def test_an_entry_becomes_an_article_at_once() -> None:
    entry = Entry(
        guid="7",
        url="https://paper.example/a/bridge",
        title="The <b>bridge</b> &amp; more",
        authors=("Jo Doe",),
        published=Clock(kind="published", at=WHEN, origin="feed"),
        summary_html="<p>Short.</p>",
        content_html='<p>Long <a href="/x?utm_medium=rss">text</a>.</p><img src="/p.jpg">',
    )
    article = article_from_entry(entry, Feed(url="https://paper.example/feed", format="rss", title="Paper"))
    assert (article.title, article.summary, article.site_name) == ("The bridge & more", "Short.", "Paper")
    assert article.text == "Long text." and article.links[0].url == "https://paper.example/x"
    assert article.lead_image == "https://paper.example/p.jpg" and article.published == WHEN
    assert set(article.provenance.values()) == {"feed"}


def test_an_empty_entry_is_an_empty_article() -> None:
    article = article_from_entry(Entry())
    assert (article.html, article.text, article.markdown) == ("", "", "")


def test_every_block_is_explained() -> None:
    found = explain(PAGE, url="https://paper.example/a/bridge")
    kept = [row.text for row in found.rows if row.kept]
    dropped = [row.text for row in found.rows if not row.kept]
    assert set(LINES) <= set(kept) and "All rights reserved" in dropped
    assert all(row.place for row in found.rows) and found.metadata.title == "The bridge waits"
    assert found.article.text and not any(row.kept and row.removed for row in found.rows)


def test_every_feature_column_has_a_description() -> None:
    columns = select(parse(PAGE)).features.columns  # type: ignore[union-attr]
    unsaid = [
        name for name in columns if describe_column(name) == name or re.search(r"\d$", describe_column(name))
    ]
    assert not unsaid
    assert describe_column("links 2") == "links in the container two above"
    assert describe_column("stop -1") == "the block above: whether it ends like a sentence"


def test_a_line_that_is_chosen_and_left_out_is_explained_as_such() -> None:
    page = PAGE.replace(STORY, "<h2>Article content</h2>" + STORY)
    rows = {row.text: row for row in explain(page, url="https://paper.example/a/bridge").rows}
    assert not rows["Article content"].kept and rows[LINES[0]].kept


PAGE_OF_FERRY = (
    "<html><head><title>The ferry</title></head><body><article><h1>The ferry</h1>"
    + "<p>The ferry left the harbour before dawn, as it has for forty years, and nobody looked up.</p>" * 4
    + "</article></body></html>"
)


def test_a_page_is_read_from_a_file_also_a_compressed_one(tmp_path: Path) -> None:
    plain, packed = tmp_path / "page.html", tmp_path / "page.html.gz"
    plain.write_text(PAGE_OF_FERRY)
    packed.write_bytes(gzip.compress(PAGE_OF_FERRY.encode()))
    url = "https://paper.example/ferry"
    assert extract(plain, url) == extract(packed, url) == extract(PAGE_OF_FERRY, url=url)
    packed.write_bytes(gzip.compress(bytes(40_000_000)))
    with pytest.raises(NotAPage, match="unpacked"):
        extract(packed)


def test_an_article_is_one_short_line_and_a_page_in_a_notebook() -> None:
    article = extract(PAGE_OF_FERRY, "https://paper.example/ferry")
    assert len(repr(article)) < 200
    assert "The ferry" in repr(article)
    shown = replace(article, title="<script>alert(1)</script>")._repr_html_()
    assert "<script>" not in shown
    assert article.html in shown
    assert article.html == article.html
