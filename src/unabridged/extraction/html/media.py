"""Pictures, videos, audio and embeds of a page: their real URL, size and title."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import parse_qs, urlsplit

from unabridged import urls
from unabridged.extraction.html.dom import Element
from unabridged.extraction.html.resolve import resolve
from unabridged.model import MediaKind
from unabridged.text.patterns import lazy_regex

IMAGE_TAGS = frozenset(("img", "picture", "amp-img", "amp-anim"))
EMBED_TAGS = frozenset(
    "video audio iframe object embed amp-video amp-audio amp-iframe amp-youtube amp-vimeo "
    "amp-dailymotion".split()
)
POST = "_post"
"""Element of an embedded post with its text; no parser makes an element of this name."""
ICON = "_icon"
"""Element of a small picture inside a sentence; no parser makes an element of this name."""
MEDIA_TAGS = IMAGE_TAGS | EMBED_TAGS | {POST}

_LAZY = (
    "data-src",
    "data-original",
    "data-lazy-src",
    "data-lazy",
    "data-hi-res-src",
    "data-full-src",
    "data-full-url",
    "data-orig-file",
    "data-large-file",
    "data-actualsrc",
    "data-echo",
    "data-url",
    "data-image",
    "data-img-src",
    "data-original-src",
    "data-croporiginalsrc",
    "data-backsrc",
    "nitro-lazy-src",
    "file",
    "zoomfile",
)
_LAZY_SETS = ("data-srcset", "data-lazy-srcset", "data-original-set", "nitro-lazy-srcset", "srcset")
_LAZY_RANK = {name: rank for rank, name in enumerate((*_LAZY, *_LAZY_SETS))}
_PICTURE_FILE = lazy_regex(r"\.(?:jpe?g|png|gif|webp|avif|bmp|jfif)(?:$|[?#!@:/])", re.IGNORECASE)
_STANDS_IN = lazy_regex(
    r"(?:^|[/_.-])(?:blank|spacer|space|pixel|transparent|trans|placeholder|lazy(?:load)?(?:ing)?|loading|"
    r"loader|grey|gray|dummy|empty|1x1|clear|default[_-]?(?:image|img)?)[\w-]{0,12}\.(?:gif|png|jpe?g|svg|webp)",
    re.IGNORECASE,
)
_COUNTS_VISITS = lazy_regex(
    r"//(?:[\w.-]*\.)?(?:doubleclick|statcounter|scorecardresearch|quantserve|google-analytics|googletagmanager|"
    r"feedsportal|feedburner|imrworldwide|pixel\.wp|stats\.wp|stats\.wordpress)\.|//(?:pixel|beacon|counter|"
    r"count|analytics|stats?|track|trk|tracking)\d?\.|feeds\.wordpress\.com/1\.0/|/(?:pixel|beacon|tracking|"
    r"tracker|counter|hitcount|impression)s?[./?][^/]*$|/~[r4]/|[?&]open=|/open\.(?:gif|aspx)",
    re.IGNORECASE,
)
_DATA_PREFIX = lazy_regex(r"^\s*(?:data|about|blob|javascript):", re.IGNORECASE)
_STYLE_SIZE = lazy_regex(r"(?:^|;)\s*(width|height)\s*:\s*(\d{1,5})(?:\.\d+)?px", re.IGNORECASE)
_BACKGROUND = lazy_regex(r"background(?:-image)?\s*:[^;]*?url\(\s*['\"]?([^'\")\s]+)", re.IGNORECASE)
_DIGITS = lazy_regex(r"\s*(\d{1,5})(?:\.\d+)?(?:px)?\s*$")

WIDEST = 1600
"""CSS pixels: of several renditions the widest up to this width is used (a phone at 3x, a desktop at 2x)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """An image that can be shown. width, height: declared CSS pixels, None if not declared."""

    url: str
    alt: str = ""
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Embed:
    """A player or frame, as the URL where it can be watched."""

    kind: MediaKind
    url: str
    title: str = ""
    poster: str | None = None


def picture_of(element: Element, base: str | None) -> Picture | None:
    """Return the real picture of an img, picture or amp-img; None for placeholders and tracking pixels."""
    inner = element.find("img") if element.tag == "picture" else None
    image = element if inner is None else inner
    if is_invisible(image):
        return None
    for candidate in _candidates(element, image):
        address = _address(candidate, base)
        if address is not None:
            width, height = size_of(image)
            alt = " ".join((image.attr("alt") or "").split())[:1000]
            return Picture(url=address, alt=alt, width=width, height=height)
    return None


def _candidates(element: Element, image: Element) -> Iterator[str]:
    """Yield URLs for an image, best first. Lazy-loading attributes come before src, which may be a
    placeholder."""
    lazy = sorted((_LAZY_RANK[name], name) for name in image.attrs if name in _LAZY_RANK)
    for rank, name in lazy:
        value = image.attr(name) or ""
        if rank < len(_LAZY):
            yield from () if value.lstrip().startswith("{") else (value,)
        else:
            yield from _widest(value)
    sources = list(element.find_all("source")) if element.tag == "picture" else []
    sets = [source.attr("srcset") or source.attr("data-srcset") or "" for source in sources]
    yield from _widest(", ".join(value for value in sets if " " in value.strip()))
    src = image.attr("src") or ""
    if src and not _STANDS_IN.search(src):
        yield src
    for value in sets:
        yield from _widest(value)
    yield from _unusual(image)


def _unusual(image: Element) -> Iterator[str]:
    """Yield URLs in data attributes of any name, then in a background style."""
    if len(image.attrs) > 1:
        for name, value in image.attrs.items():
            if name.startswith("data-") and isinstance(value, str) and _PICTURE_FILE.search(value[:2000]):
                yield from _widest(value) if " " in value.strip() else (value,)
    background = _BACKGROUND.search((image.attr("style") or "")[:4000])
    if background:
        yield background[1]


def parse_srcset(value: str) -> list[tuple[str, float]]:
    """Return the candidates of a srcset, each with its width in pixels (a density x counts as x * 1000).

    Rule: https://html.spec.whatwg.org/multipage/images.html#parsing-a-srcset-attribute. At most sixty-four
    candidates are read.
    """
    found: list[tuple[str, float]] = []
    rest = value[:50_000].lstrip(" \t\n\r\f,")
    while len(found) < 64 and (plain := _CANDIDATE.match(rest)):
        found.append((plain[1], float(plain[2]) * (1000 if plain[3] == "x" else 1)))
        rest = rest[plain.end() :]
    while rest.strip() and len(found) < 64:
        url, _, rest = _split_space(rest)
        if url.endswith(","):
            found.append((url.rstrip(","), 1000.0))
        else:
            descriptor, _, rest = rest.partition(",")
            found.append((url, _descriptor(descriptor)))
        rest = rest.lstrip(" \t\n\r\f,")
    return found


_CANDIDATE = lazy_regex(
    r"([^\s,](?:[^\s,]*[^\s,])?)[ \n]+(\d{1,5}(?:\.\d{1,4})?)([wx])[ \n]*(?:,[ \t\n\r\f,]*|$)"
)
"""A candidate in the plainest form, which most have."""


def _split_space(text: str) -> tuple[str, str, str]:
    parts = text.split(None, 1)
    return parts[0], " ", parts[1] if len(parts) > 1 else ""


def _descriptor(text: str) -> float:
    match = re.search(r"(\d{1,5}(?:\.\d{1,4})?)([wx])", text)
    if match is None:
        return 1000.0
    return float(match[1]) * (1000 if match[2] == "x" else 1)


def _widest(srcset: str) -> list[str]:
    """Return the URLs of a srcset, the widest up to WIDEST first."""
    ranked = sorted(parse_srcset(srcset), key=lambda pair: (pair[1] > WIDEST, abs(WIDEST - pair[1])))
    return [url for url, _ in ranked[:4]]


def _address(candidate: str, base: str | None) -> str | None:
    if _DATA_PREFIX.match(candidate) or _STANDS_IN.search(candidate):
        return None
    address = resolve(candidate, base) if candidate else None
    if address is None or _COUNTS_VISITS.search(address):
        return None
    return unproxied(address).replace("`", "%60")


_PROXIES = (
    # host, parameter that holds the picture's own URL
    ("weserv.nl", "url"),
    ("wsrv.nl", "url"),
    ("external-content.duckduckgo.com", "u"),
    ("proxy.duckduckgo.com", "u"),
    ("images-focus-opensocial.googleusercontent.com", "url"),
)


_PROXY_SIGNS = ("ampproject.org", "weserv.nl", "wsrv.nl", "duckduckgo.com", "googleusercontent.com")
"""Strings of which the address of every such proxy has one."""


@lru_cache(maxsize=1024)
def unproxied(url: str) -> str:
    """Return the publisher's URL of a picture that was linked through a public image proxy."""
    if not any(map(url.lower().__contains__, _PROXY_SIGNS)):
        return url
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://[": not a valid URL, so not a proxy's
        return url
    host = parts.hostname or ""
    if host.endswith(".cdn.ampproject.org") and parts.path[:3] in ("/i/", "/ii"):
        inner = parts.path.split("/", 2)[2]
        return "https://" + inner[2:] if inner.startswith("s/") else "http://" + inner
    for name, parameter in _PROXIES:
        if host == name or host.endswith("." + name):
            inner = (parse_qs(parts.query).get(parameter) or [""])[0].removeprefix("ssl:")
            if inner:
                return resolve(inner if "//" in inner else "https://" + inner, None) or url
    return url


def size_of(element: Element) -> tuple[int | None, int | None]:
    """Return width and height in CSS pixels from attributes or style; None if not declared."""
    sizes: dict[str, int | None] = {}
    for name in ("width", "height"):
        match = _DIGITS.match(element.attr(name) or "")
        sizes[name] = int(match[1]) if match else None
    style = element.attr("style")
    if style and None in sizes.values():
        for match in _STYLE_SIZE.finditer(style[:4000]):
            name = match[1].lower()
            sizes[name] = sizes[name] if sizes[name] is not None else int(match[2])
    width, height = sizes["width"] or 0, sizes["height"] or 0
    # One or two pixels are the size of a placeholder or a counter, never of a picture.
    return (width if width > 2 else None), (height if height > 2 else None)


def is_invisible(element: Element) -> bool:
    """Say whether an element is a tracking pixel or hidden by its own attributes."""
    if is_hidden(element):
        return True
    for name in ("width", "height"):
        value = (element.attr(name) or "").strip()
        if value in ("0", "1", "2", "0px", "1px", "2px"):
            # A one-pixel placeholder with a real URL beside it is lazy-loaded, not a counter.
            return not any(name in _LAZY_RANK for name in element.attrs)
    style = element.attr("style")
    if style and (size := _STYLE_SIZE.search(style[:4000])):
        return int(size[2]) <= 2 and not any(name in _LAZY_RANK for name in element.attrs)
    return False


def is_hidden(element: Element) -> bool:
    """Say whether an element hides itself: the hidden attribute or its own display:none."""
    if element.attr("hidden") is not None:
        return True
    style = element.attr("style")
    if not style or ("none" not in style and "hidden" not in style):
        return False
    tight = style[:4000].replace(" ", "").lower()
    return "display:none" in tight or "visibility:hidden" in tight


_PLAYERS: tuple[tuple[re.Pattern[str], MediaKind, str, str | None], ...] = (
    # URL of a player, its kind of media, the page where a person watches it, its poster
    (
        lazy_regex(r"//(?:www\.|m\.)?youtube(?:-nocookie)?\.com/(?:embed|v|shorts)/([\w-]{11})"),
        "video",
        "https://www.youtube.com/watch?v={0}",
        "https://i.ytimg.com/vi/{0}/hqdefault.jpg",
    ),
    (lazy_regex(r"//player\.vimeo\.com/video/(\d+)"), "video", "https://vimeo.com/{0}", None),
    (
        lazy_regex(r"//(?:www\.|geo\.)?dailymotion\.com/(?:embed/video/|player[\w/.]*\?video=)(\w+)"),
        "video",
        "https://www.dailymotion.com/video/{0}",
        "https://www.dailymotion.com/thumbnail/video/{0}",
    ),
    (
        lazy_regex(r"//player\.bilibili\.com/player\.html\?(?:[^#]*&)?bvid=(BV\w+)"),
        "video",
        "https://www.bilibili.com/video/{0}",
        None,
    ),
    (
        lazy_regex(r"//v\.qq\.com/txp/iframe/player\.html\?(?:[^#]*&)?vid=(\w+)"),
        "video",
        "https://v.qq.com/x/page/{0}.html",
        None,
    ),
    (
        lazy_regex(r"//open\.spotify\.com/embed(?:-podcast)?/(\w+/\w+)"),
        "audio",
        "https://open.spotify.com/{0}",
        None,
    ),
    (
        lazy_regex(r"//platform\.twitter\.com/embed/[^#]*[?&]id=(\d+)"),
        "embed",
        "https://x.com/i/status/{0}",
        None,
    ),
    (
        lazy_regex(r"//(?:www\.)?instagram\.com/((?:p|reel|tv)/[\w-]+)/embed"),
        "embed",
        "https://www.instagram.com/{0}/",
        None,
    ),
    (
        lazy_regex(r"//(?:www\.)?tiktok\.com/embed/(?:v2/)?(\d+)"),
        "video",
        "https://www.tiktok.com/embed/{0}",
        None,
    ),
    (lazy_regex(r"//rumble\.com/embed/(\w+)"), "video", "https://rumble.com/embed/{0}", None),
)
_INNER_ADDRESS = lazy_regex(r"//(?:w\.soundcloud\.com/player|(?:www\.)?facebook\.com/plugins/(?:video|post))")
_NO_CONTENT = lazy_regex(
    r"doubleclick|googlesyndication|googletagmanager|google-analytics|adservice|adsystem|/ads?[/.?]|adserver|"
    r"recaptcha|consent|newsletter|subscribe|facebook\.com/plugins/(?:like|follow|page|share)|"
    r"platform\.twitter\.com/widgets/(?:tweet_button|follow)|/comments?[/?]|disqus|addthis|sharethis|"
    r"outbrain|taboola|paywall|login|signup",
    re.IGNORECASE,
)
_FILM = lazy_regex(r"video|player|embed|watch|tube|\.m(?:p4|3u8|ov)|webm", re.IGNORECASE)
_SOUND = lazy_regex(
    r"audio|podcast|\.mp3|\.m4a|soundcloud|spreaker|acast|megaphone|simplecast", re.IGNORECASE
)


def embed_of(element: Element, base: str | None) -> Embed | None:
    """Return what a video, audio, iframe, object or embed shows; None for advertisements and empty frames."""
    tag = element.tag.removeprefix("amp-")
    if is_invisible(element):
        return None
    title = " ".join((element.attr("title") or element.attr("aria-label") or "").split())[:300]
    if tag in ("video", "audio"):
        return _played(element, tag == "video", title, base)
    address = _frame_address(element, tag, base)
    if address is None or _NO_CONTENT.search(address):
        return None
    return _framed(address, title, resolve(element.attr("poster") or "", base))


def _played(element: Element, film: bool, title: str, base: str | None) -> Embed | None:
    sources = [element, *element.find_all("source")]
    given = (s.attr("src") or s.attr("data-src") or "" for s in sources)
    found = [address for address in (resolve(value, base) for value in given if value) if address]
    if not found:
        return None
    best = next((address for address in found if ".m3u8" not in address), found[0])
    poster = resolve(element.attr("poster") or element.attr("data-poster") or "", base)
    return Embed(kind="video" if film else "audio", url=best, title=title, poster=poster)


def _frame_address(element: Element, tag: str, base: str | None) -> str | None:
    video_id = element.attr("data-videoid") or element.attr("data-video-id")
    if tag in ("youtube", "vimeo", "dailymotion"):
        start = {
            "youtube": "https://www.youtube.com/embed/",
            "vimeo": "https://player.vimeo.com/video/",
            "dailymotion": "https://www.dailymotion.com/embed/video/",
        }[tag]
        return start + video_id if video_id and re.fullmatch(r"[\w-]{1,40}", video_id) else None
    for name in ("src", "data-src", "data-lazy-src", "data-original", "data"):
        value = element.attr(name)
        if value and (address := resolve(value, base)):
            return address
    return _address_of_object(element, base) if tag == "object" else None


def _address_of_object(element: Element, base: str | None) -> str | None:
    """Return the film of a known player that an object names in a parameter or in the embed inside it."""
    given = [p.attr("value") for p in element.iter_elements("param") if p.attr("name") in ("movie", "src")]
    given += [inner.attr("src") for inner in element.iter_elements("embed")]
    found = (address for value in given if value and (address := resolve(value, base)))
    return next((address for address in found if any(known[0].search(address) for known in _PLAYERS)), None)


def _framed(address: str, title: str, poster: str | None) -> Embed:
    for pattern, kind, page, picture in _PLAYERS:
        match = pattern.search(address)
        if match:
            own = picture.format(match[1]) if picture else None
            return Embed(kind=kind, url=page.format(match[1]), title=title, poster=poster or own)
    if _INNER_ADDRESS.search(address):
        query = parse_qs(urlsplit(address).query)
        inner = resolve((query.get("url") or query.get("href") or [""])[0], None)
        address = inner or address
    kind_found: MediaKind = (
        "audio" if _SOUND.search(address) else "video" if _FILM.search(address) else "embed"
    )
    return Embed(kind=kind_found, url=urls.strip_trackers(address), title=title, poster=poster)


SIGNS: dict[MediaKind, str] = {"video": "▶", "audio": "♪", "embed": "↗", "image": "▣"}
"""Sign in a link card for the kind of media that it links to, in every language."""
_KINDS = {f"{sign} ": kind for kind, sign in SIGNS.items()}


def read_link_card(caption: Element, base: str | None) -> Embed | None:
    """Return the embed of one of our link cards, None for any other caption."""
    link = caption.find("a")
    label = link.text if link is not None else ""
    kind = _KINDS.get(label[:2])
    address = resolve(link.attr("href") or "", base) if link is not None and kind else None
    if kind is None or address is None:
        return None
    return Embed(kind=kind, url=address, title=label[2:])
