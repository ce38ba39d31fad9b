"""Records are cleaned by one set of tables: addresses, texts, sizes, instants."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from unabridged import limits
from unabridged.cleaning import (
    clean_article,
    clean_entry,
    clean_feed,
    clean_guid,
    clean_line,
    sane_instant,
    with_web_addresses,
)
from unabridged.model import Article, Clock, Completeness, Enclosure, Entry, Feed, Link, Media
from unabridged.urls import link_target, web_address

NOW = datetime(2024, 2, 1, 12, 0, tzinfo=UTC)
FOREIGN = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " \t\n javascript:alert(1)",
    "\x01\x1fjavascript:alert(1)",
    "java\tscript:alert(1)",
    "java\r\nscript:alert(1)",
    "javascript\t:alert(1)",
    "javascript:12345",
    "javascript://news.example/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "DATA:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "blob:https://news.example/1",
    "ftp://news.example/1",
    "about:blank",
    "view-source:https://news.example/",
    "feed:javascript:alert(1)",
    "//news.example/1",
    "/1",
    "1",
    "https:",
    "https:news.example/1",
    "https:///1",
    "https://",
    "http://?",
    "http://#",
    "http://exa mple.com/",
    'http://a"onclick=/',
    "http://<b>/",
    "http://%00/",
    "http://news.example:99999/",
    "http://a\\b/",
    "https://" + "a" * 9000,
    5,
    None,
    b"https://news.example/",
    ["https://news.example/"],
)
FIT = (
    "https://news.example/",
    "http://news.example",
    "https://news.example:8443/a?b=c&d#e",
    "https://news.example/größe/龙?q=ü",
    "https://bücher.example/",
    "https://[2001:db8::1]/a",
    "http://192.0.2.1:8080/a",
    "https://news.example/a|b{c}[d]",
    "https://news.example//a@b//c",
)


@pytest.mark.parametrize("text", FOREIGN)
def test_a_foreign_address_is_none(text: object) -> None:
    assert web_address(text) is None
    assert link_target(text) is None


@pytest.mark.parametrize("text", FIT)
def test_a_fit_address_stays_as_it_is_written(text: str) -> None:
    assert web_address(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("https://user:secret@news.example/a@b", "https://news.example/a@b"),
        (' https://news.example/a "b" ', "https://news.example/a%20%22b%22"),
        ("https://news.example/a\nb", "https://news.example/ab"),
        ("https://news.example/\u202ea", "https://news.example/%E2%80%AEa"),
    ],
)
def test_an_address_is_mended_where_that_changes_nothing_of_its_meaning(text: str, kept: str) -> None:
    assert web_address(text) == kept


@settings(max_examples=500, deadline=None)
@given(st.sampled_from(("", "http://", "https://", "https://news.example/")), st.text(max_size=40))
def test_what_passes_is_an_address_of_the_web_and_passes_again(start: str, rest: str) -> None:
    found = web_address(start + rest)
    if found is not None:
        assert found.lower().startswith(("http://", "https://"))
        assert not set(found) & set(' \t\r\n"<>\\`\x00\x7f')
        assert found.isprintable()
        assert web_address(found) == found


def test_only_a_link_in_a_text_may_lead_to_a_mailbox() -> None:
    assert link_target("mailto:desk@news.example") == "mailto:desk@news.example"
    assert web_address("mailto:desk@news.example") is None
    assert link_target("mailto:a\nb") is None


def every_address(kind: type, text: str) -> dict[str, Any]:
    """A record's fields that hold an address, each with this one."""
    names = {"url", "canonical_url", "lead_image", "comments_url", "source_url", "base", "site_url", "icon"}
    names |= {"self_url", "next_url"}
    return {one.name: text for one in fields(kind) if one.name in names}


@pytest.mark.parametrize("text", [one for one in FOREIGN if isinstance(one, str)])
def test_no_field_of_any_record_keeps_a_foreign_address(text: str) -> None:
    inside: dict[str, Any] = {
        "enclosures": (Enclosure(url=text), Enclosure(url="https://news.example/e")),
        "links": (Link(url=text), Link(url="mailto:a@news.example")),
        "media": (
            Media(kind="image", url=text),
            Media(kind="video", url="https://news.example/v", poster=text),
        ),
    }
    article = clean_article(Article(**every_address(Article, text), **inside))
    assert article.url == ""
    assert (article.canonical_url, article.lead_image) == (None, None)
    assert [one.url for one in article.enclosures] == ["https://news.example/e"]
    assert [one.url for one in article.links] == ["mailto:a@news.example"]
    assert [(one.url, one.poster) for one in article.media] == [("https://news.example/v", None)]
    assert any("url left out" in note for note in article.warnings)
    assert with_web_addresses(Article(url=text, lead_image=text)) == Article(url="")
    entry = clean_entry(Entry(**every_address(Entry, text), extra=(("author:uri", text),)))
    assert entry == Entry()
    feed = clean_feed(
        Feed(format="rss", **every_address(Feed, text) | {"url": "https://a.example/"}, hubs=(text,))
    )
    assert replace(feed, notes=()) == Feed(format="rss", url="https://a.example/")
    assert feed.notes


# Texts and sizes

_TEXT = st.text(
    alphabet=st.characters() | st.sampled_from("\x00\x01\x1b\x7f\x85\x9b\u202e\u2066\ud800\udfff\ufffe"),
    max_size=30,
)
_ANY = st.one_of(
    _TEXT, st.none(), st.integers(), st.booleans(), st.lists(_TEXT, max_size=3), st.binary(max_size=3)
)
_MANY = st.one_of(_ANY, st.lists(_ANY, max_size=4).map(tuple))


@settings(max_examples=60, deadline=None)
@given(st.data())
@pytest.mark.parametrize("kind", [Article, Entry, Feed])
def test_whatever_is_in_its_fields_a_record_comes_out_fit(kind: type, data: st.DataObject) -> None:
    clean: Any = {Article: clean_article, Entry: clean_entry, Feed: clean_feed}[kind]
    given_ = {one.name: data.draw(_MANY) for one in fields(kind)}
    if kind is Feed:
        given_ |= {"entries": (), "url": "https://a.example/", "format": "rss"}
    fit = clean(kind(**given_))
    assert clean(fit) == fit
    for one in fields(kind):
        value = getattr(fit, one.name)
        for text in value if isinstance(value, tuple) else (value,):
            if isinstance(text, str):
                text.encode()
                assert "\x00" not in text
    if kind is not Entry:
        assert not set(fit.title) & set("\x1b\x9b\u202e\u2066\n")


def test_each_text_has_a_bound_and_the_record_says_what_was_cut() -> None:
    huge = "x" * 5_000_000
    article = clean_article(
        Article(
            url="https://news.example/1",
            title=huge,
            authors=(huge,) * 1000,
            credit=(huge,),
            tags=(huge, *map(str, range(5000))),
            language=huge,
            site_name=huge,
            section=huge,
            kind=huge,
            summary=huge,
            enclosures=tuple(
                Enclosure(url=f"https://a.example/{n}", title=huge, type=huge) for n in range(3000)
            ),
            clocks=tuple(Clock(kind="published", at=NOW, origin="meta", raw=huge) for _ in range(1000)),
            completeness=Completeness(kind="truncated", evidence=(huge,) * 1000),
            warnings=(huge,) * 1000,
        )
    )
    assert len(article.title) == limits.TITLE
    assert (len(article.authors), len(article.authors[0])) == (limits.NAMES, limits.NAME)
    assert (len(article.tags), len(article.tags[0])) == (limits.TAGS, limits.TAG)
    assert len(article.language or "") == limits.LANGUAGE
    assert len(article.summary) == limits.SUMMARY
    assert len(article.enclosures) == limits.ENCLOSURES
    assert f"title cut at {limits.TITLE:,} characters" in article.warnings
    assert any("tags" in note for note in article.warnings)
    assert len(article.warnings) <= limits.NOTES


def test_long_guids_that_differ_at_their_end_stay_different() -> None:
    one, other = "g" * 100_000 + "1", "g" * 100_000 + "2"
    assert clean_guid(one) != clean_guid(other)
    assert len(clean_guid(one)) == limits.GUID
    assert clean_guid(clean_guid(one)) == clean_guid(one)
    assert clean_guid("short") == "short"


def test_a_label_is_one_line_without_controls() -> None:
    assert clean_line("\x1b]52;c;x\x07 a\u202eb\x9b\n  c\ud800 ") == "]52;c;x ab c?"


def test_a_fit_record_is_handed_back_itself() -> None:
    article = Article(url="https://news.example/1", title="A title", authors=("Ann",), published=NOW)
    assert clean_article(article) is article


# Instants


def aware(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    "text",
    [
        "0001-01-01T00:00:00+14:00",
        "0001-01-01T00:00:00+00:00",
        "9999-12-31T23:59:59-14:00",
        "9999-12-31T23:59:59+00:00",
        "0999-12-31T23:59:59+00:00",
        "9000-01-01T00:00:00+00:00",
    ],
)
def test_an_instant_at_the_edge_of_the_calendar_is_none(text: str) -> None:
    assert sane_instant(aware(text)) is None
    claim = Clock(kind="published", at=aware(text), origin="document")
    article = clean_article(
        Article(url="https://news.example/1", published=aware(text), modified=aware(text), clocks=(claim,))
    )
    assert (article.published, article.modified, article.clocks) == (None, None, ())
    assert any("published left out" in note for note in article.warnings)
    entry = clean_entry(Entry(published=claim, modified=claim))
    assert entry == Entry()


def test_an_offset_that_no_place_has_is_put_into_utc() -> None:
    odd = timezone(timedelta(hours=23, minutes=59, seconds=59, microseconds=900000))
    found = sane_instant(datetime(2024, 1, 2, tzinfo=odd))
    assert found is not None
    assert found == datetime(2024, 1, 2, tzinfo=odd)
    assert found.utcoffset() == timedelta(0)
    usual = datetime(2024, 1, 2, tzinfo=timezone(timedelta(hours=5, minutes=45)))
    assert sane_instant(usual) is usual
    assert sane_instant(datetime(2024, 1, 2)) == datetime(2024, 1, 2, tzinfo=UTC)  # noqa: DTZ001
    assert sane_instant("2024") is None


def test_an_import_does_not_believe_the_day_after_tomorrow() -> None:
    later = Article(url="https://news.example/1", published=NOW + timedelta(days=2))
    assert clean_article(later, now=NOW).published is None
    assert clean_article(later).published == later.published
