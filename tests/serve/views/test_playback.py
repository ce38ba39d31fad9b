"""Players: which files have one, where they stand in a text, what is left of a file."""

import pytest

from tests.serve.running_app import NOW, make_article
from unabridged.archive.records.library import Position
from unabridged.feeds.parsing.parse import parse_feed
from unabridged.model import Enclosure, Media
from unabridged.serve.views.playback import (
    MOST_PLAYERS,
    MOST_TRANSCRIPTS,
    Player,
    body_players,
    enclosure_players,
    media_key,
    media_type,
    place_players,
    stated_minutes,
    time_left,
    transcripts,
)

HTTP = "https://cdn.example/"


@pytest.mark.parametrize(
    ("stated", "name", "expected"),
    [
        ("audio/mpeg; charset=binary", "x", "audio/mpeg"),
        ("Audio/MPEG", "x.bin", "audio/mpeg"),
        ("", "a/b.mp3?x=1", "audio/mpeg"),
        ("application/octet-stream", "b.M4V", "video/mp4"),
        ("application/ogg", "b.ogv", "video/ogg"),
        ("video/*", "b.webm", "video/webm"),
        ("", "mp3", ""),
        ("", "b.txt", ""),
        ("text/html", "b.mp3", ""),
        ("image/png", "b.png", ""),
        ("audio/x-mpegurl", "b.m3u8", ""),
        ("application/vnd.apple.mpegurl", "b.mp4", ""),
        ("audio/x-scpls", "b.pls", ""),
        ("video/x-ms-asf", "b.asx", ""),
        ('audio/"><script>', "b.mp3", ""),
        ("audio/mpeg\r\nset-cookie: x", "b.mp3", ""),
    ],
)
def test_a_file_is_played_by_its_type_or_extension(stated: str, name: str, expected: str) -> None:
    assert media_type(stated, HTTP + name) == expected


def test_a_key_stays_when_the_query_changes() -> None:
    assert media_key(f"{HTTP}a.mp3?token=1#t=5") == media_key(f"{HTTP}a.mp3") != media_key(f"{HTTP}b.mp3")


def at(seconds: int, length: int | None, url: str = f"{HTTP}a.mp3") -> Position:
    return Position(article_id=1, media=media_key(url), seconds=seconds, length=length, updated=NOW)


@pytest.mark.parametrize(
    ("position", "expected"),
    [
        (None, ""),
        (at(0, 600), ""),
        (at(1, 600), "10 min left"),
        (at(590, 600), "Played"),
        (at(570, 600), "1 min left"),
        (at(9, 10), "Played"),
        (at(130, None), "2 min played"),
    ],
)
def test_what_is_left_is_told_in_minutes(position: Position | None, expected: str) -> None:
    assert time_left(position) == expected


def players(article_enclosures: tuple[Enclosure, ...], *positions: Position) -> tuple[Player, ...]:
    article = make_article(0, enclosures=article_enclosures)
    return enclosure_players(article, positions, stream_url=lambda url: f"/stream?u={url}")


def test_enclosures_have_players_with_position_type_and_size() -> None:
    files = (
        Enclosure(url=f"{HTTP}a.mp3?t=2", type="audio/mpeg", length=12_300_000, title="a.mp3"),
        Enclosure(url=f"{HTTP}a.mp3?t=2", type="audio/mpeg"),
        Enclosure(url=f"{HTTP}b.mp4", title="The talk"),
        Enclosure(url=f"{HTTP}c.pdf", type="application/pdf"),
        Enclosure(url="javascript:alert(1)//x.mp3", type="audio/mpeg"),
        Enclosure(url="file:///etc/x.mp3", type="audio/mpeg"),
    )
    first, second = players(files, at(30, 600))
    assert (first.kind, first.facts, first.title, first.left) == ("audio", "MP3 · 12.3 MB", "", "10 min left")
    assert first.src == f"/stream?u={HTTP}a.mp3?t=2#t=30"
    assert (second.kind, second.title, second.facts, second.src) == (
        "video",
        "The talk",
        "MP4",
        f"/stream?u={HTTP}b.mp4",
    )


def test_a_file_that_was_played_begins_again_and_their_number_is_bounded() -> None:
    many = tuple(Enclosure(url=f"{HTTP}{n}.mp3") for n in range(50))
    made = players(many, at(595, 600, f"{HTTP}0.mp3"))
    assert (len(made), made[0].src, made[0].left) == (MOST_PLAYERS, f"/stream?u={HTTP}0.mp3", "Played")


def card(url: str, sign: str = "♪", poster: str = "", rest: str = "") -> str:
    label = f'<a href="{url}" rel="noopener">{sign} Title</a>'
    return f"<figure>{poster}<figcaption>{label}{rest}</figcaption></figure>"


def test_players_stand_in_the_place_of_the_cards_of_their_files() -> None:
    film, song = f"{HTTP}f.mp4?a=1&b=2", f"{HTTP}s.mp3"
    media = (
        Media(kind="video", url=film, poster=f"{HTTP}p.jpg"),
        Media(kind="audio", url=song),
        Media(kind="video", url="https://www.youtube.com/watch?v=1"),
        Media(kind="image", url=f"{HTTP}i.mp3"),
    )
    found = body_players(
        make_article(0, media=media),
        (),
        stream_url=lambda url: "/stream",
        proxy_url=lambda url: f"/media?{url}",
    )
    assert set(found) == {film, song} and found[film].poster == f"/media?{HTTP}p.jpg"
    escaped = film.replace("&", "&amp;")
    elsewhere = card("https://www.youtube.com/watch?v=1", "▶")
    picture = f'<a href="{escaped}"><img src="p.jpg"></a>'
    picture_alone = f'<figure><img src="x.jpg"><figcaption><a href="{HTTP}x">A link</a></figcaption></figure>'
    first = card(escaped, "▶", picture, "<br>A <b>caption</b>")
    body = f"<p>a</p>{first}{elsewhere}{card(song)}{picture_alone}<p>z</p>"
    placed = place_players(body, found, lambda player, rest: f"[{player.kind}|{rest}]")
    assert placed == f"<p>a</p>[video|A <b>caption</b>]{elsewhere}[audio|]{picture_alone}<p>z</p>"


def test_a_hostile_text_is_searched_in_linear_time() -> None:
    known = {"x": players((Enclosure(url=f"{HTTP}a.mp3"),))[0]}
    for text in ("<figure>" * 50_000, "<figure><figcaption><a x>" * 30_000, "<figcaption>" * 50_000):
        assert place_players(text, known, lambda player, rest: "") == text


@pytest.mark.parametrize(
    ("stated", "minutes"),
    [("01:02:03", 62), ("3723", 62), ("90:00", 90), ("20", 1), ("0", 0), ("1:2:3:4", 0), ("٣", 0), ("", 0)],
)
def test_the_length_of_an_episode_is_that_of_its_feed(stated: str, minutes: int) -> None:
    assert stated_minutes([("other", "5"), ("itunes:duration", stated)]) == minutes


def test_transcripts_are_links_of_the_feed() -> None:
    name = "https://podcastindex.org/namespace/1.0:transcript"
    feed = parse_feed(EPISODE, url="https://pod.example/feed")
    found = transcripts(feed.entries[0].extra)
    assert [(one.href, one.kind) for one in found] == [
        ("https://pod.example/t.vtt?a=1&b=2", "VTT"),
        ("https://pod.example/t.txt", "TXT"),
    ]
    for markup in (
        '<x url="javascript:alert(1)"/>',
        "<x/>",
        "text",
        '<x url="/t"/>',
        '<x url="https://a b"/>',
    ):
        assert transcripts([(name, markup)]) == ()
    many = [(name, f'<x url="https://pod.example/{n}"/>') for n in range(99)]
    assert len(transcripts(many)) == MOST_TRANSCRIPTS


EPISODE = b"""<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel><title>Pod</title>
<item><guid>1</guid><title>One</title>
<podcast:transcript url="https://pod.example/t.vtt?a=1&amp;b=2" type="text/vtt" language="en"/>
<podcast:transcript url="https://pod.example/t.txt" type="text/plain"/>
<podcast:transcript url="https://pod.example/t.txt" type="text/html"/>
</item></channel></rss>"""
