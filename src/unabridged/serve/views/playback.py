"""Players of an article: its audio and video files, with the viewer's positions in them. Pure."""

import hashlib
import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlsplit

from unabridged import urls
from unabridged.archive.records.library import Position
from unabridged.model import Article
from unabridged.serve.languages import formats
from unabridged.serve.languages.messages import gettext

TYPES: Mapping[str, str] = {
    "aac": "audio/aac",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "m4b": "audio/mp4",
    "mp3": "audio/mpeg",
    "oga": "audio/ogg",
    "ogg": "audio/ogg",
    "opus": "audio/ogg",
    "wav": "audio/wav",
    "weba": "audio/webm",
    "m4v": "video/mp4",
    "mov": "video/quicktime",
    "mp4": "video/mp4",
    "ogv": "video/ogg",
    "webm": "video/webm",
}
"""Extension of a file that browsers play -> its media type."""

_PLAYLIST = re.compile(r"mpegurl|scpls|xspf|dash|smil|ms-", re.IGNORECASE)
_MEDIA_TYPE = re.compile(r"(audio|video)/[a-z0-9][a-z0-9.+-]{0,60}")
_UNTYPED = ("", "application/octet-stream", "binary/octet-stream", "application/ogg", "audio/*", "video/*")
"""Types of servers and feeds that say nothing about a file; its extension tells then."""

MOST_PLAYERS = 6
"""Enclosures of one article that are players; further ones are links."""

MOST_TRANSCRIPTS = 6
_LONGEST_STATED = 100 * 3600
_DURATION = re.compile(r"[0-9]{1,6}(?::[0-9]{1,2}){0,2}")
_URL = re.compile(r'\surl="([^"<>]{1,4000})"')
_TYPE = re.compile(r'\stype="([a-zA-Z0-9/.+-]{1,60})"')
_KINDS = {"PLAIN": "TXT", "SUBRIP": "SRT"}

FINISHED = 15
"""Seconds before the end from which a file counts as played: credits, a farewell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Player:
    """A file that is played in the page. kind: "audio" or "video". key: of the position in it.

    src: its address at our proxy, with the position. facts: type and size. left: what is left of it in
    words, or "". poster: address of its picture at our proxy, or None.
    """

    key: str
    kind: str
    url: str
    src: str
    title: str
    facts: str
    left: str
    poster: str | None = None


def media_type(stated: str, url: str) -> str:
    """Return the media type of a file that browsers play, by its stated type, else by its extension; else "".

    Playlists are refused: they name further addresses, which a browser would ask for itself.
    """
    clean = stated.partition(";")[0].strip().lower()
    if clean in _UNTYPED:
        name = urlsplit(url).path.rpartition("/")[2]
        return TYPES.get(name.rpartition(".")[2].lower(), "") if "." in name else ""
    return clean if _MEDIA_TYPE.fullmatch(clean) and not _PLAYLIST.search(clean) else ""


def media_key(url: str) -> str:
    """Return the key of a file within its article: by its address without the query, which often changes."""
    return hashlib.sha256(url.partition("#")[0].partition("?")[0].encode("utf-8", "replace")).hexdigest()[:32]


def may_play(article: Article) -> bool:
    """Say whether an article has files that may be audio or video."""
    return bool(article.enclosures) or any(one.kind in ("audio", "video") for one in article.media)


def enclosure_players(
    article: Article,
    positions: Iterable[Position],
    *,
    stream_url: Callable[[str], str],
    poster: str | None = None,
) -> tuple[Player, ...]:
    """Return players of the audio and video files that a feed attached to an article.

    stream_url: returns a file's address at our proxy. poster: address of a picture for videos.
    """
    known = {one.media: one for one in positions}
    made: dict[str, Player] = {}
    for file in article.enclosures:
        kind = media_type(file.type or "", file.url)
        if kind and urls.web_address(file.url) and file.url not in made and len(made) < MOST_PLAYERS:
            size = formats.size(file.length) if file.length else ""
            made[file.url] = _player(file.url, file.title, kind, size, known, stream_url, poster)
    return tuple(made.values())


def body_players(
    article: Article,
    positions: Iterable[Position],
    *,
    stream_url: Callable[[str], str],
    proxy_url: Callable[[str], str],
) -> dict[str, Player]:
    """Map the addresses of audio and video files in an article's text to their players."""
    known = {one.media: one for one in positions}
    found: dict[str, Player] = {}
    for media in article.media:
        kind = media_type(media.type or "", media.url)
        if media.kind in ("audio", "video") and kind and urls.web_address(media.url):
            poster = proxy_url(media.poster) if media.poster else None
            found[media.url] = _player(media.url, media.title, kind, "", known, stream_url, poster)
    return found


def _player(
    url: str,
    title: str,
    kind: str,
    size: str,
    known: Mapping[str, Position],
    stream_url: Callable[[str], str],
    poster: str | None,
) -> Player:
    position = known.get(media_key(url))
    start = 0 if position is None or is_finished(position) else position.seconds
    extension = urlsplit(url).path.rpartition(".")[2].upper()
    name = extension if extension.lower() in TYPES else kind.partition("/")[2].upper()
    is_file_name = title == urlsplit(url).path.rpartition("/")[2] or title == urls.host(url)
    return Player(
        key=media_key(url),
        kind=kind.partition("/")[0],
        url=url,
        src=stream_url(url) + (f"#t={start}" if start else ""),
        title="" if is_file_name else title,
        facts=" · ".join(filter(None, (name, size))),
        left=time_left(position),
        poster=poster if kind.startswith("video/") else None,
    )


def is_finished(position: Position) -> bool:
    """Say whether a file was played to its end."""
    return position.length is not None and position.seconds >= max(1, position.length - FINISHED)


def time_left(position: Position | None) -> str:
    """Say how much of a file is left: "12 min left", "Played"; "" if it was not begun."""
    if position is None or position.seconds <= 0:
        return ""
    if is_finished(position):
        return gettext("Played")
    if position.length is None:
        return gettext("{n} min played").format(n=max(1, position.seconds // 60))
    return gettext("{n} min left").format(n=math.ceil((position.length - position.seconds) / 60))


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """A transcript of an episode, at its publisher. kind: "VTT", "HTML" …, or ""."""

    href: str
    kind: str


def stated_minutes(extra: Iterable[tuple[str, str]]) -> int:
    """Return the length of an episode in minutes, as its feed states it; 0 if unknown.

    extra: elements of the feed's entry that no field of ours holds.
    """
    given = next((value.strip() for name, value in extra if name == "itunes:duration"), "")
    found = _DURATION.fullmatch(given)
    if found is None:
        return 0
    seconds = 0
    for part in found[0].split(":"):
        seconds = 60 * seconds + int(part)
    return max(1, round(seconds / 60)) if 0 < seconds < _LONGEST_STATED else 0


def transcripts(extra: Iterable[tuple[str, str]]) -> tuple[Transcript, ...]:
    """Return the transcripts that the feed links to (podcast:transcript)."""
    found: dict[str, Transcript] = {}
    for name, markup in extra:
        href = _URL.search(markup) if name.endswith(":transcript") else None
        address = urls.web_address(unescape(href[1])) if href else None
        if address and len(found) < MOST_TRANSCRIPTS:
            kind = _TYPE.search(markup)
            short = (kind[1].rpartition("/")[2].removeprefix("x-") if kind else "").upper()
            found.setdefault(address, Transcript(href=address, kind=_KINDS.get(short, short)))
    return tuple(found.values())


_CARD = re.compile(
    r"<figure>(?:(?!</?figure).)*?<figcaption><a (?P<attributes>[^>]*)>(?:(?!</a>|</?figure).)*</a>"
    r"(?P<rest>(?:(?!</?fig).)*)</figcaption></figure>",
    re.DOTALL,
)
_HREF = re.compile(r'(?:^|\s)href="([^"]*)"')


def place_players(body: str, players: Mapping[str, Player], render: Callable[[Player, str], str]) -> str:
    """Put players in the place of the link cards of their files.

    body: as the sanitizer wrote it. players: address of the file -> player. render: returns a player's HTML,
    from the player and the HTML of its caption.
    """

    def placed(card: re.Match[str]) -> str:
        href = _HREF.search(card["attributes"])
        player = players.get(unescape(href[1])) if href else None
        return card[0] if player is None else render(player, card["rest"].removeprefix("<br>"))

    return _CARD.sub(placed, body) if players else body
