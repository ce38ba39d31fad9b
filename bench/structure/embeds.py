"""Embeds: {service, id}, from players and from the links that stand for them."""

import html as html_escapes
import re
from collections.abc import Iterator
from urllib.parse import parse_qs, unquote, urlsplit

from lxml.html import HtmlElement

from bench.structure.texts import Structure, folded

Item = tuple[str, str]
_SERVICES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        (
            "youtube",
            r"(?:youtube(?:-nocookie)?\.com/(?:embed/(?!videoseries)|v/|shorts/|live/|watch\?(?:[^#]*&)?v=)|youtu\.be/)([\w-]{11})",
        ),
        ("youtube", r"youtube(?:-nocookie)?\.com/(?:embed/videoseries|playlist)\?(?:[^#]*&)?list=([\w-]+)"),
        ("vimeo", r"vimeo\.com/(?:video/|moogaloop\.swf\?(?:[^#]*&)?clip_id=|channels/[\w-]+/)?(\d{6,})"),
        ("twitter", r"(?:twitter|x)\.com/(?:#!/)?\w+/status(?:es)?/(\d+)"),
        ("twitter", r"platform\.twitter\.com/embed/[^#?]*\?(?:[^#]*&)?id=(\d+)"),
        ("instagram", r"instagram\.com/(?:[\w.]+/)?(?:p|reel|tv)/([\w-]+)"),
        ("tiktok", r"tiktok\.com/(?:@[\w.]+/video/|embed/(?:v2/)?)(\d+)"),
        ("dailymotion", r"(?:dailymotion\.com/(?:embed/)?(?:video|swf)/(?:video/)?|dai\.ly/)(x?\w{5,})"),
        (
            "soundcloud",
            r"(?:api\.soundcloud\.com|api\.soundcloud\.com%2F)[/%2F]*(?:tracks|playlists)(?:/|%2F)(?:soundcloud[^\d]*)?(\d+)",
        ),
        (
            "spotify",
            r"open\.spotify\.com/(?:embed(?:-podcast)?/)?(?:track|album|playlist|episode|show)/(\w+)",
        ),
        (
            "bluesky",
            r"(?:bsky\.app/profile/[^/]+/post/|embed\.bsky\.app/embed/[^/]+/app\.bsky\.feed\.post/)(\w+)",
        ),
        (
            "facebook",
            r"facebook\.com/(?:[\w.]+/(?:posts|videos)/(?:[\w.]+/)?|watch/?\?v=|video\.php\?v=)(\w+)",
        ),
        ("gist", r"gist\.github\.com/(?:[\w-]+/)?([0-9a-f]{6,})"),
        ("reddit", r"reddit(?:media)?\.com/r/\w+/comments/(\w+)"),
        ("mastodon", r"https?://[\w.-]+/(?:@[\w.@]+|users/\w+/statuses)/(\d{15,})"),
        ("datawrapper", r"datawrapper\.dwcdn\.net/(\w{5})"),
        ("streamable", r"streamable\.com/(?:[eos]/)?(\w{4,})"),
        ("flourish", r"flo(?:urish\.studio/visualisation|\.uri\.sh/visualisation)/(\d+)"),
        ("infogram", r"(?:e\.)?infogr(?:am\.com|\.am)/([\w-]+)"),
        ("slideshare", r"slideshare\.net/slideshow/embed_code/(?:key/)?(\w+)"),
        ("maps", r"(google\.[a-z.]+/maps|maps\.google\.[a-z.]+)"),
        ("brightcove", r"brightcove\.(?:net|com)/[^#]*(?:videoI[dD]=|@videoPlayer=)(\d+)"),
    )
)


def item_of(url: str) -> tuple[Item, bool]:
    """Return the service and id of what a URL embeds, and whether the service is a known one."""
    url = html_escapes.unescape(url.strip())
    for name, pattern in _SERVICES:
        found = pattern.search(url) or pattern.search(unquote(url))
        if found:
            return (name, "map" if name == "maps" else found[1]), True
    try:
        parts = urlsplit(url if "//" in url else "//" + url)
    except ValueError:  # brackets that hold no IPv6 address
        return ("", url), False
    names = [part for part in parts.path.split("/") if part]
    key = next(
        (v[0] for k, v in parse_qs(parts.query).items() if k.lower() in ("id", "videoid", "v", "clip")), ""
    )
    return (
        parts.netloc.removeprefix("www.").lower(),
        (names[-1] if names else "") + ("?" + key if key else ""),
    ), False


PLAYERS = (
    "iframe",
    "embed",
    "object",
    "video",
    "audio",
    "lite-youtube",
    "amp-youtube",
    "amp-video",
    "amp-iframe",
)


def embeds(root: HtmlElement) -> Iterator[Structure]:
    """Yield what is embedded: players, and links to posts and videos that stand for them.

    A link counts when it is known as an item of a service and stands in a figure or a quotation, or alone in
    its block; other links in such a place are `weak`: they can match a truth, but they are no mistake.
    """
    seen: dict[Item, Structure] = {}
    for element in root.iter(*PLAYERS, "a"):
        url = url_of(element)
        if not url or (element.tag == "a" and not _stands_for(element)):
            continue
        item, known = item_of(url)
        weak = element.tag == "a" and not known
        if item not in seen or (seen[item].get("weak") and not weak):
            seen[item] = {"service": item[0], "id": item[1], **({"weak": True} if weak else {})}
    yield from seen.values()


def url_of(element: HtmlElement) -> str:
    names = ("href",) if element.tag == "a" else ("src", "data", "data-src", "data-videoid", "videoid")
    url = next((value for name in names if (value := element.get(name))), "")
    if not url and element.tag in ("video", "audio", "object"):
        inner = next((e for e in element.iter("source", "embed") if e.get("src")), None)
        url = inner.get("src", "") if inner is not None else ""
    if element.tag in ("lite-youtube", "amp-youtube"):
        return f"https://youtu.be/{element.get('videoid') or element.get('data-videoid', '')}"
    return "" if url.startswith(("#", "about:", "javascript:", "mailto:")) else url


def _stands_for(link: HtmlElement) -> bool:
    """Say whether a link is a card, the source of a quoted post, or all that its block holds."""
    if next(link.iterancestors("figure"), None) is not None:
        return True
    if next(link.iterancestors("blockquote"), None) is not None and item_of(url_of(link))[0][0] in _QUOTED:
        return True
    block = next(link.iterancestors("p", "div", "li", "td", "dd", "body"), None)
    return (
        block is not None
        and block.tag in ("p", "div", "body")
        and len(folded(block.text_content())) <= len(folded(link.text_content()))
    )


_QUOTED = frozenset("twitter instagram facebook tiktok bluesky mastodon reddit".split())
"""Services whose posts are quoted with a link to them."""
