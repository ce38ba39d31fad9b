"""Input made to exhaust or confuse a reader: bounded, no crash, nothing expanded."""

import os
import random
from pathlib import Path

import pytest

from unabridged.errors import FeedError, FeedKilledReader, NotAFeed
from unabridged.feeds.parsing.parse import MAX_BYTES, parse_feed
from unabridged.feeds.reader.pool import FeedReader

URL = "https://hostile.example/feed"


def rss(inside: str) -> bytes:
    return (
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{inside}</channel></rss>'.encode()
    )


def entity_chain(length: int) -> bytes:
    links = "".join(f'<!ENTITY e{n} "&e{n - 1};">' for n in range(1, length))
    dtd = f'<!DOCTYPE rss [<!ENTITY e0 "boom">{links}]>'
    item = f"<item><title>&e{length - 1};</title></item>"
    return f'<?xml version="1.0"?>{dtd}<rss version="2.0"><channel>{item}</channel></rss>'.encode()


def laughs() -> bytes:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    dtd = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{levels}]>'
    return f"{dtd}<rss><channel><item><title>&l9;</title></item></channel></rss>".encode()


def test_a_chain_of_thirty_thousand_entities_is_not_followed() -> None:
    feed = parse_feed(entity_chain(30_000), url=URL)
    assert feed.entries[0].title == "&e29999;"
    assert "DTD stripped" in feed.notes


def test_a_billion_laughs_are_one_word() -> None:
    assert parse_feed(laughs(), url=URL).entries[0].title == "&l9;"


def test_an_external_entity_is_not_fetched(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    data = f"""<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}">
    <!ENTITY % p SYSTEM "file://{secret}">%p;]><rss><channel><title>&x;</title><item><description>&x;</description></item></channel></rss>""".encode()
    feed = parse_feed(data, url=URL)
    assert "the secret" not in repr(feed)
    assert feed.title == "&x;"


@pytest.mark.parametrize(
    "dtd",
    [
        '<!DOCTYPE rss [<!ENTITY a "]>"><!ENTITY b "\'">]>',
        '<!DOCTYPE rss [<!-- ]> \' " --><!ENTITY a "x">]>',
        "<!doctype rss PUBLIC \"-//x//]>\" 'http://x.example/[.dtd'>",
        "<!DOCTYPE rss [<?pi ]> ?><![INCLUDE[ <!ENTITY a 'x'> ]]>]>",
    ],
)
def test_a_dtd_ends_where_it_ends(dtd: str) -> None:
    feed = parse_feed(
        f"{dtd}<rss><channel><title>Here</title><item><title>&a;</title></item></channel></rss>".encode(),
        url=URL,
    )
    assert (feed.title, feed.entries[0].title) == ("Here", "&a;")


@pytest.mark.parametrize("count", [257, 200_000])
def test_a_tag_with_too_many_attributes_is_refused(count: int) -> None:
    attributes = " ".join(f'a{n}="&gt;"' for n in range(count))
    with pytest.raises(FeedError, match="more than 256 attributes"):
        parse_feed(rss(f"<item {attributes}><title>x</title></item>"), url=URL)


def test_a_tag_with_many_attributes_is_read() -> None:
    attributes = " ".join(f"a{n} = '>'" for n in range(250))
    assert parse_feed(rss(f"<item {attributes}><title>x</title></item>"), url=URL).entries[0].title == "x"


@pytest.mark.parametrize("depth", [250, 3_000, 100_000])
def test_nesting_too_deep_is_refused(depth: int) -> None:
    for end in ("</a>" * depth, ""):
        with pytest.raises(FeedError, match="nests elements more than 200 deep"):
            parse_feed(rss(f"<item><description>{'<a>' * depth}x{end}</description></item>"), url=URL)


def test_items_past_ten_thousand_are_counted_and_not_read() -> None:
    feed = parse_feed(rss("<item><title>x</title></item>" * 40_000), url=URL)
    assert len(feed.entries) == 10_000
    assert feed.notes == ("30000 more entries not read",)


def test_a_text_of_twelve_megabytes_stays_whole() -> None:
    text = "0123456789ab " * 1_000_000
    feed = parse_feed(rss(f"<item><description>{text}</description></item>"), url=URL)
    assert len(feed.entries[0].summary_html) == len(text.strip())


def test_a_body_over_the_limit_is_refused() -> None:
    with pytest.raises(FeedError, match="feeds up to 15,000,000 bytes are read"):
        parse_feed(rss("x" * MAX_BYTES), url=URL)


LIST = "http://www.itunes.com/dtds/podcast-1.0.dtd"
HOSTILE = {
    "references to nothing": "&" * 90_000,
    "references to NUL and surrogates": "&#0;&#xD800;&#xFFFFFFFF;&#99999999999;&#x110000;" * 8_000,
    "unclosed CDATA sections": "<item><title><![CDATA[" * 30_000,
    "unclosed comments": "<!--" * 60_000,
    "unclosed instructions": "<?" * 60_000,
    "bare less-than signs": "<" * 90_000,
    "unclosed quotes in tags": "<item a='" * 30_000,
    "unclosed items": "<item><title>x" * 100,
    "end tags": "</item>" * 90_000,
    "namespaces": "".join(f"<x{n}:y xmlns:x{n}='urn:{n}'/>" for n in range(20_000)),
    "one long name": f"<{'n' * 1_000_000}/>",
    "one long attribute": f"<item a='{'v' * 2_000_000}'/>",
    "children without end": "<item>" + "<author><name>x</name></author><category>c</category>" * 15_000,
    "mail addresses": "<item><author>" + "a@b." * 200_000 + "</author></item>",
    "brackets in an author": "<item><author>" + "x (" * 90_000 + "@</author></item>",
    "tags in a title": "<item><title>" + "&lt;a " * 90_000 + "</title></item>",
    "a date of digits": "<item><pubDate>" + "1" * 1_000_000 + "</pubDate></item>",
    "an address of percent signs": "<item><link>http://a.example/" + "%" * 100_000 + "</link></item>",
    "quotes and links": "<item><summary xml:base='http://x.example/'>" + "&lt;a href='" * 30_000,
    "C1 controls": "<item><title>" + "\x80&#x81;" * 30_000 + "</title></item>",
    "iTunes keywords": f"<item xmlns:i='{LIST}'><i:keywords>" + "a," * 100_000,
}  # fmt: skip


async def test_hostile_markup_ends_within_what_a_worker_may_take() -> None:
    killed: list[str] = []
    async with FeedReader() as reader:
        for name, inside in HOSTILE.items():
            for body in (
                rss(inside),
                inside.encode(),
                f"<?xml version='1.0'?><!DOCTYPE x [{inside}".encode(),
            ):
                try:
                    await reader.parse(body, url=URL)
                except FeedKilledReader as exc:
                    killed.append(f"{name}: {exc}")
                except FeedError:
                    continue
        assert (await reader.parse(rss("<item><title>Fine</title></item>"), url=URL)).entries[
            0
        ].title == "Fine"
    assert killed == []


@pytest.mark.parametrize(
    "json",
    ["[" * 100_000, '{"a":' * 100_000, "{", '{"version": "https://jsonfeed.org/version/1.1", "items": 7}'],
)
def test_hostile_json_ends_within_the_limits(json: str) -> None:
    try:
        feed = parse_feed(json.encode(), url=URL)
    except FeedError:
        return
    assert feed.entries == ()


async def test_the_worker_survives_entity_chains() -> None:
    async with FeedReader() as reader:
        for body in (entity_chain(30_000), laughs()):
            assert "DTD stripped" in (await reader.parse(body, url=URL)).notes


def test_noise_of_any_kind_never_raises_anything_but_feed_errors() -> None:
    dice = random.Random(5)
    good = rss(
        "<item><title>A &amp; b</title><link>http://a.example/</link>"
        "<pubDate>Mon, 01 Jan 2024 00:00:00 GMT</pubDate></item>"
    )
    for _ in range(300):
        noisy = bytearray(good)
        for _ in range(dice.randrange(1, 12)):
            noisy[dice.randrange(len(noisy))] = dice.randrange(256)
        try:
            parse_feed(bytes(noisy), url=URL)
        except FeedError:
            continue


@pytest.mark.parametrize(
    ("data", "found", "advice"),
    [
        (b"", "empty", "try again"),
        (b" \n\x00", "empty", ""),
        (b"\x89PNG\r\n\x1a\n", "a PNG picture", ""),
        (b"%PDF-1.7", "a PDF document", ""),
        (b"\x1f\x8b\x08", "gzip-compressed data", ""),
        (os.urandom(0) + bytes(range(1, 200)), "binary data", ""),
        (b"<!DOCTYPE html><html><title>Hi</title><body>Hi</body></html>", "a web page", "unabridged find"),
        (b"<p>Not found</p>", "a web page", "unabridged find"),
        (b'<opml version="2.0"><body/></opml>', "an OPML list of feeds", "unabridged add FILE"),
        (b"<note><to>you</to></note>", "XML of another kind", "unabridged find"),
        (b"Just words.", "plain text", "unabridged find"),
        (b'{"hello": 1}', "some other JSON", "JSON Feed"),
    ],
)  # fmt: skip
def test_what_is_no_feed_is_named_with_advice(data: bytes, found: str, advice: str) -> None:
    with pytest.raises(NotAFeed) as caught:
        parse_feed(data, url=URL)
    assert caught.value.found == found
    assert advice in str(caught.value)
