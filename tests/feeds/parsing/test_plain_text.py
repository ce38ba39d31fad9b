"""Plain text of feeds: paragraphs, line breaks and links."""

import pytest

from tests.feeds.parsing.documents import read, rss_item
from unabridged.feeds.parsing.plain_text import linked, paragraphs

LINES = "Line one.\n\nPlans: https://plans.example/a?x=1&amp;y=2\nTools &amp; more"
AS_HTML = (
    '<p>Line one.</p><p>Plans: <a href="https://plans.example/a?x=1&amp;y=2">https://plans.example/a?x=1&amp;y=2</a>'
    "<br>Tools &amp; more</p>"
)
MEDIA = "xmlns:media='http://search.yahoo.com/mrss/'"
ITUNES = "xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'"


@pytest.mark.parametrize("stated", ["type='text'", "type='text/plain'", "", "type='TEXT'"])
@pytest.mark.parametrize("name", ["content", "summary"])
def test_line_breaks_of_plain_atom_text_are_kept(name: str, stated: str) -> None:
    inside = f"<entry><id>1</id><{name} {stated}>{LINES}</{name}></entry>"
    entry = read(f"<feed xmlns='http://www.w3.org/2005/Atom'>{inside}</feed>").entries[0]
    assert (entry.content_html or entry.summary_html) == AS_HTML


@pytest.mark.parametrize(
    ("element", "namespaces"),
    [
        (f"<media:group><media:description>{LINES}</media:description></media:group>", MEDIA),
        (f"<media:description type='plain'>{LINES}</media:description>", MEDIA),
        (f"<itunes:summary>{LINES}</itunes:summary>", ITUNES),
        (f"<itunes:summary><![CDATA[{LINES}]]></itunes:summary>", ITUNES),
    ],
)
def test_line_breaks_of_descriptions_of_files_are_kept(element: str, namespaces: str) -> None:
    assert rss_item(element, namespaces).summary_html == AS_HTML


def test_markup_in_a_description_of_files_stays_markup() -> None:
    entry = rss_item("<itunes:summary>&lt;p>One\ntwo&lt;/p></itunes:summary>", ITUNES)
    assert entry.summary_html == "<p>One\ntwo</p>"


def test_text_of_rss_without_markup_is_parted_by_blank_lines_only() -> None:
    entry = rss_item("<description>Hard\nwrapped.\n\nSecond: https://x.example/a.</description>")
    assert entry.summary_html == (
        '<p>Hard\nwrapped.</p><p>Second: <a href="https://x.example/a">https://x.example/a</a>.</p>'
    )


def test_line_breaks_of_json_text_are_kept_and_its_addresses_are_links() -> None:
    feed = read(
        '{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{"id": "1",'
        '"content_text": "one\\r\\ntwo https://x.example/?a=1&b=2"}]}'
    )
    assert feed.entries[0].content_html == (
        'one<br>two <a href="https://x.example/?a=1&amp;b=2">https://x.example/?a=1&amp;b=2</a>'
    )


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ("(see https://x.example/a_(b))", "https://x.example/a_(b)"),
        ("(https://x.example/a).", "https://x.example/a"),
        ("https://x.example/新闻, and", "https://x.example/新闻"),
        ("at www.x.example/y!", "http://www.x.example/y"),
        ("<https://x.example/a>", "https://x.example/a"),
    ],
)
def test_punctuation_around_an_address_is_no_part_of_it(text: str, target: str) -> None:
    assert f'<a href="{target}">' in linked(text)


@pytest.mark.parametrize(
    "text", ["javascript:alert(1)", "http://", "a@www.example", "x://y", "ftp://x.example/"]
)
def test_what_is_no_web_address_is_no_link(text: str) -> None:
    assert "<a" not in linked(text)


def test_text_that_looks_like_markup_is_escaped() -> None:
    assert paragraphs('<script>"1"</script>') == '&lt;script&gt;"1"&lt;/script&gt;'
