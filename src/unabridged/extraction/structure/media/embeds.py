"""Embedded posts and players, in the many ways that tools write them, in one form each.

A post whose text stands in the page becomes a POST element (its text, with the address of the post); a post
without text and every player that loads on a click become an iframe, which the serializer writes as a link
card. Placeholders that ask for consent go; what they cover stays as a link.
"""

import json
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from html import unescape

from unabridged.extraction.html.dom import Element, Text, parse_body
from unabridged.extraction.html.media import POST
from unabridged.extraction.structure.media.embed_wrappers import (
    CONSENT,
    LONGEST_PLACEHOLDER,
    YOUTUBE,
    lift,
    near,
)
from unabridged.text.patterns import lazy_regex

LEAST_POST = 12
"""Characters from which the text of a post is one."""
MAX_ATTRIBUTE = 60_000

TAGS = tuple(
    "blockquote lite-youtube lite-vimeo youtube-video vimeo-video amp-twitter amp-instagram amp-facebook "
    "amp-tiktok amp-reddit amp-brightcove amp-jwplayer amp-soundcloud twitter-widget twitterwidget "
    "embetty-tweet embetty-video video-js youtube-embed iframe".split()
)
_BLOCKED = tuple(
    "data-cookieblock-src data-consent-src data-cmp-src data-cookie-src data-src-cmplz data-cli-src "
    "data-cky-src data-uc-src data-blocked-src data-suppressedsrc data-rocket-src".split()
)
"""Attributes in which consent tools keep the address of a frame."""
EMBED_SELECTOR = (
    "[data-tweet-id],[data-video-id],[data-videoid],[data-youtube-id],[data-yt-id],[data-vimeo-id],[data-embed],"
    "[data-embed-src],[data-embed-url],[data-attrs],[data-oembed-url],[data-iframe-src],[data-video-url],"
    "[data-embed-code],div[data-borlabs-cookie-type],div[data-href],a[data-pin-do],.wp-block-embed__wrapper,"
    "div[id^=WYL_],div[data-src*='//'],div[onclick],div[style*='/vi/'],a[style*='/vi/'],"
    "script[data-telegram-post],script[src*='gist.github.com/']"
)
"""Elements that may be an embed and have no tag of their own."""
_STATUS = lazy_regex(r"https?://(?:www\.|mobile\.)?(?:twitter|x)\.com/(?:#!/)?[\w/]{1,40}/status(?:es)?/\d+")
_VIMEO = lazy_regex(r"vimeo\.com/(?:video/|channels/\w+/)?(\d{5,12})(?!\d)")
_ELEVEN = lazy_regex(r"[\w-]{11}")
_ADDRESS = lazy_regex(r"https?://[^\s\"'<>]{4,1000}")
_BOILERPLATE = lazy_regex(
    r"\b(?:view|see|sieh|ver|voir|visualizza|bekijk|visa|se|zobacz)\b[^.@]{0,50}\b(?:on|auf|en|sur|su|op|på|"
    r"na) (?:instagram|threads|facebook|tiktok|mastodon|bluesky)(?: an| ansehen)?|"
    r"(?:tweet|post) may have been deleted|\(opens in a new tab\)|loading (?:tweet|post)",
    re.IGNORECASE,
)

_Handler = Callable[[Element], Element | None]


def rewrite_embed(found: Element) -> bool:
    """Rewrite an element that is an embedded post or a player; say whether it was one."""
    if found.parent is None or near(found, POST) is not None:
        return False
    embed = _embed(found)
    if embed is not None:
        lift(embed)
    return embed is not None


def _embed(found: Element) -> Element | None:
    """Return the element that a post or player was rewritten to, None for anything else."""
    classes = f" {found.attr('class') or ''} "
    if found.tag == "blockquote":
        return _quoted_post(found, classes)
    handler = _BY_TAG.get(found.tag)
    if handler is not None:
        return handler(found)
    if " fb-post " in classes or " fb-video " in classes or " tumblr-post " in classes:
        return _post(found, found.attr("data-href") or "")
    for name, by_attribute in _BY_ATTRIBUTE.items():
        if found.attr(name) is not None:
            return by_attribute(found)
    return _facade(found)


def _quoted_post(quote: Element, classes: str) -> Element | None:
    """Rewrite the blockquote of a network's embed code."""
    for sign, address in _QUOTES.items():
        if sign in classes:
            return _post(quote, address(quote))
    return None


def _status_of(quote: Element) -> str:
    links = [found[0] for a in quote.iter_elements("a") if (found := _STATUS.match(a.attr("href") or ""))]
    number = quote.attr("data-tweet-id") or quote.attr("data-tweetid") or ""
    return links[-1] if links else _status(number)


def _status(number: str) -> str:
    return f"https://x.com/i/status/{number}" if number.isdecimal() and len(number) < 25 else ""


def _link_of(*hosts: str) -> Callable[[Element], str]:
    """Return a reader of a post's address: in its attributes, else its last link to one of the hosts."""

    def read(quote: Element) -> str:
        for name in (
            "data-instgrm-permalink",
            "data-text-post-permalink",
            "cite",
            "data-embed-url",
            "data-href",
        ):
            if value := quote.attr(name):
                return value.removesuffix("/embed")
        links = [a.attr("href") or "" for a in quote.iter_elements("a")]
        return next((link for link in reversed(links) if any(host in link for host in hosts)), "")

    return read


def _first_link_of(host: str) -> Callable[[Element], str]:
    return lambda quote: next(
        (h for a in quote.iter_elements("a") if host in (h := a.attr("href") or "")), ""
    )


_QUOTES: dict[str, Callable[[Element], str]] = {
    " twitter-tweet": _status_of,
    " twitter-video": _status_of,
    " instagram-media ": _link_of("instagram.com/"),
    " text-post-media ": _link_of("threads."),
    " tiktok-embed ": _link_of("tiktok.com/"),
    " bluesky-embed ": _link_of("bsky.app/profile"),
    " mastodon-embed ": _link_of("/@"),
    " reddit-": _first_link_of("reddit.com/"),
    " imgur-embed-pub ": _first_link_of("imgur.com/"),
    " fb-xfbml-parse-ignore ": _link_of("facebook.com/"),
}


def _post(element: Element, address: str) -> Element | None:
    """Make a POST element of a post with text, a card of one without. None if there is neither."""
    for silent in list(element.iter_elements(("script", "style", "svg"))):
        silent.extract()
    text = " ".join(element.text.split())
    told = " ".join(_BOILERPLATE.sub(" ", text).split())
    if len(told) < LEAST_POST or (told != text and len(told) < 120) or _is_consent(element):
        return _card(element, address, told.strip(" ,.")) if address else None
    for link in list(element.iter_elements("a")):
        if _BOILERPLATE.fullmatch(" ".join(link.text.split())):
            link.extract()
    caption = _caption_of(element)
    element.tag = POST
    element.attrs["data-url"] = address
    if caption is not None:
        caption.tag = "p"
        element.append(caption)
    return element


def _caption_of(element: Element) -> Element | None:
    figure = near(element, "figure")
    return figure.find("figcaption") if figure is not None else None


def _is_consent(element: Element) -> bool:
    text = element.text
    return (
        len(text) < LONGEST_PLACEHOLDER and element.tag != "blockquote" and CONSENT.search(text) is not None
    )


def _card(element: Element, address: str, title: str = "", poster: str = "") -> Element:
    """Replace an element by an iframe of an address, which is written as a link card."""
    video = YOUTUBE.search(address)
    film = _VIMEO.search(address)
    if video:
        address = f"https://www.youtube.com/embed/{video[1]}"
    elif film:
        address = f"https://player.vimeo.com/video/{film[1]}"
    attributes = {"src": address, "title": title[:300], "poster": poster}
    frame = Element("iframe", {name: value for name, value in attributes.items() if value})
    element.replace_with(frame)
    return frame


def _named(element: Element) -> str:
    names = ("title", "aria-label", "videotitle", "data-title", "playlabel", "data-video-title")
    return next((value for name in names if (value := element.attr(name))), "")


def _youtube_tag(element: Element) -> Element | None:
    number = element.attr("videoid") or element.attr("video-id") or element.attr("data-videoid") or ""
    address = element.attr("src") or element.attr("href") or ""
    if _ELEVEN.fullmatch(number):
        address = f"https://www.youtube.com/embed/{number}"
    elif number.isdecimal():
        address = f"https://player.vimeo.com/video/{number}"
    return _card(element, address, _named(element)) if address else None


def _by_number(name: str, form: str, pattern: str = r"[\w-]{1,60}") -> _Handler:
    """Return a handler of elements that give a number or address in an attribute."""

    def handle(element: Element) -> Element | None:
        number = element.attr(name) or ""
        if re.fullmatch(pattern, number) is None:
            return None
        return _post(element, form.format(number))

    return handle


def _brightcove(element: Element) -> Element | None:
    video, account = element.attr("data-video-id") or "", element.attr("data-account") or ""
    if not (video.isdecimal() and account.isdecimal()):
        return None
    player = element.attr("data-player") or element.attr("data-player-id") or "default"
    player = player if re.fullmatch(r"[\w-]{1,40}", player) else "default"
    address = f"https://players.brightcove.net/{account}/{player}_default/index.html?videoId={video}"
    return _card(element, address, _named(element), element.attr("poster") or "")


def _blocked_frame(frame: Element) -> Element | None:
    """Rewrite an iframe whose address a consent tool holds back."""
    address = next((value for name in _BLOCKED if (value := frame.attr(name))), "")
    return _card(frame, address, _named(frame)) if address else None


_KNOWN = lazy_regex(
    r"//(?:[\w-]+\.)*(?:youtube(?:-nocookie)?\.com/embed/[\w-]{11}|player\.vimeo\.com/video/|"
    r"platform\.twitter\.com/embed/|"
    r"instagram\.com/(?:p|reel|tv)/|embed\.bsky\.app/|open\.spotify\.com/embed|w\.soundcloud\.com/player|"
    r"tiktok\.com/embed|linkedin\.com/embed/|embed\.podcasts\.apple\.com/|datawrapper\.|google\.com/maps/embed)|"
    r"/@[\w.@-]+/\d+/embed$"
)
"""Addresses of frames that are certainly content, whatever the elements around them are called."""


def _known_frame(frame: Element) -> Element | None:
    held = _blocked_frame(frame)
    if held is not None:
        return held
    address = next(
        (v for name in ("src", "data-src", "data-lazy-src") if _KNOWN.search(v := frame.attr(name) or "")), ""
    )
    return _card(frame, address.removesuffix("/embed"), _named(frame)) if address else None


_WEB = r"(?:https?:)?//[^\s\"<>]{4,1000}"
_BY_TAG: dict[str, _Handler] = {
    **dict.fromkeys(
        ("lite-youtube", "lite-vimeo", "youtube-video", "vimeo-video", "youtube-embed"), _youtube_tag
    ),
    **dict.fromkeys(
        ("twitter-widget", "twitterwidget"),
        _by_number("data-tweet-id", "https://x.com/i/status/{}", r"\d{5,25}"),
    ),
    "amp-twitter": _by_number("data-tweetid", "https://x.com/i/status/{}", r"\d{5,25}"),
    "embetty-tweet": _by_number("status", "https://x.com/i/status/{}", r"\d{5,25}"),
    "embetty-video": _youtube_tag,
    "amp-instagram": _by_number("data-shortcode", "https://www.instagram.com/p/{}/"),
    "amp-facebook": _by_number("data-href", "{}", _WEB),
    "amp-tiktok": _by_number("data-src", "https://www.tiktok.com/embed/{}", r"\d{5,25}"),
    "amp-reddit": _by_number("data-src", "{}", _WEB),
    "amp-soundcloud": _by_number("data-trackid", "https://api.soundcloud.com/tracks/{}", r"\d{3,20}"),
    "amp-jwplayer": _by_number("data-media-id", "https://cdn.jwplayer.com/players/{}.html"),
    "iframe": _known_frame,
    "amp-brightcove": _brightcove,
    "video-js": _brightcove,
}


def _tweet_copy(element: Element) -> Element | None:
    number = element.attr("data-tweet-id") or element.attr("data-tweetid") or ""
    return _post(element, _status(number)) if _status(number) else None


def _telegram(element: Element) -> Element | None:
    name = element.attr("data-telegram-post") or ""
    return _card(element, f"https://t.me/{name}") if re.fullmatch(r"\w{3,60}/\d{1,12}", name) else None


def _pin(element: Element) -> Element | None:
    address = element.attr("href") or ""
    return (
        _card(element, address, element.text.strip())
        if element.attr("data-pin-do") == "embedPin" and address
        else None
    )


def _data_attrs(element: Element) -> Element | None:
    """Rewrite an embed of Substack, whose data stand in an attribute."""
    try:
        data = json.loads((element.attr("data-attrs") or "")[:MAX_ATTRIBUTE])
    except (ValueError, RecursionError):
        return None
    if not isinstance(data, dict) or element.tag in ("img", "a", "form", "input", "button"):
        return None
    classes = element.attr("class") or ""
    video = data.get("videoId")
    if isinstance(video, str) and re.fullmatch(r"[\w-]{6,20}", video):
        start = "https://player.vimeo.com/video/" if video.isdecimal() else "https://www.youtube.com/embed/"
        return _card(element, start + video)
    address = next(
        (v for k in ("canonical_url", "url", "open_url") if isinstance(v := data.get(k), str) and v), ""
    )
    shortcode = data.get("instagram_id")
    if isinstance(shortcode, str) and re.fullmatch(r"[\w-]{5,40}", shortcode):
        address = f"https://www.instagram.com/p/{shortcode}/"
    if not address.startswith("http") or re.search(r"subscri|button|share|poll", classes):
        return None
    comment = data.get("comment")
    inner = comment if isinstance(comment, dict) else data
    body = next(
        (v for k in ("full_text", "body", "truncated_body_text") if isinstance(v := inner.get(k), str)), ""
    )
    title = next((v for k in ("title", "name", "label") if isinstance(v := inner.get(k), str)), "")
    if not body or ("<" in body and "full_text" not in inner):
        poster = data.get("thumbnail_url")
        return _card(element, address, title, poster if isinstance(poster, str) else "")
    return _told(element, address, title, body, inner)


def _told(element: Element, address: str, title: str, body: str, data: dict[str, object]) -> Element:
    """Replace an element by a post whose text is given. data: may name its user and day."""
    post = Element(POST, {"data-url": address})
    for line in body.split("\n")[:50]:
        if line.strip():
            post.append(_paragraph(line.strip()))
    user, day = data.get("username") or data.get("handle"), data.get("date")
    name = f"{title} (@{user})" if isinstance(user, str) and user else title
    sign = Element("p")
    sign.append(Text(f"— {name} " if name else "— "))
    link = Element("a", {"href": address})
    link.append(
        Text(day[:10] if isinstance(day, str) and day else re.sub(r"^https?://(?:www\.)?", "", address)[:60])
    )
    sign.append(link)
    post.append(sign)
    element.replace_with(post)
    return post


def _paragraph(text: str) -> Element:
    made = Element("p")
    made.append(Text(text))
    return made


def _embed_code(element: Element) -> Element | None:
    """Put embed code that stands in an attribute or a coded script in the place of its placeholder."""
    code = next(
        (v for n in ("data-embed-code", "data-embed-html", "data-iframe") if (v := element.attr(n))), ""
    )
    script = element.find("script")
    if not code and script is not None:
        code = script.text.strip()
    code = code[:MAX_ATTRIBUTE]
    if "<" not in code and "&lt;" not in code:
        try:
            code = b64decode(code, validate=True).decode("utf-8", "replace")
        except (Base64Error, ValueError):
            code = ""
    source = next(
        (
            s
            for f in parse_body(unescape(code)).iter_elements(("iframe", "blockquote"))
            if (s := f.attr("src"))
        ),
        "",
    )
    if not source:
        return None
    outer = element.closest("[class*=BorlabsCookie]") if element.attr("data-borlabs-cookie-type") else None
    return _card(outer if outer is not None else element, source)


def _wordpress(element: Element) -> Element | None:
    """Rewrite an embed block that holds nothing but an address."""
    text = element.text.strip()
    return _card(element, text) if _ADDRESS.fullmatch(text) else None


def _gist(element: Element) -> Element | None:
    address = (element.attr("src") or "").partition(".js")[0]
    following = element.next_sibling
    shown = isinstance(following, Element) and "gist" in (following.attr("class") or "")
    return None if shown else _card(element, address)


def _facade(element: Element) -> Element | None:
    """Rewrite a player that loads on a click: a video's number or address in its attributes, or its still."""
    if element.tag in ("iframe", "video", "audio", "amp-img", "article", "main", "body"):
        return None
    if element.tag == "script":
        return _gist(element) if "gist.github.com" in (element.attr("src") or "") else None
    if "wp-block-embed__wrapper" in (element.attr("class") or ""):
        return _wordpress(element)
    address = _video_address(element)
    if address is None or len(element.text) > LONGEST_PLACEHOLDER:
        return None
    link = near(element, "a")
    return _card(
        link if link is not None and len(link.text) < 80 else element,
        address,
        _named(element) or element.attr("alt") or "",
    )


def _video_address(element: Element) -> str | None:
    """Return the address of the video of a facade, None if its attributes name none."""
    youtube = (
        "youtube"
        in f"{element.attr('class')}{element.attr('data-provider')}{element.attr('data-type')}".casefold()
    )
    for name, value in element.attrs.items():
        if not isinstance(value, str) or (name in ("class", "id") and not value.startswith("WYL_")):
            continue
        value = value[:2000].removeprefix("WYL_")
        if found := YOUTUBE.search(value) or _VIMEO.search(value):
            return found[0] if "." in found[0] else None
        if name in ("href", "alt", "title"):
            continue
        if _ELEVEN.fullmatch(value) and (
            youtube or name.startswith(("data-yt", "data-youtube")) or name == "id" or _shows(element, value)
        ):
            return f"https://www.youtube.com/embed/{value}"
        if name == "data-vimeo-id" and value.isdecimal():
            return f"https://player.vimeo.com/video/{value}"
        if name in _FRAME_ATTRIBUTES and re.match(r"(?:https?:)?//", value):
            return value
        if name == "onclick" and youtube and (number := re.search(r"['\"]([\w-]{11})['\"]", value)):
            return f"https://www.youtube.com/embed/{number[1]}"
    return None


_FRAME_ATTRIBUTES = frozenset(
    (
        "data-embed-src",
        "data-embed-url",
        "data-iframe-src",
        "data-video-url",
        "data-oembed-url",
        "data-youtube-url",
    )
)


def _shows(element: Element, number: str) -> bool:
    """Say whether a picture inside an element is the still of a video."""
    return any(
        f"/{number}/" in f"{i.attr('src')}{i.attr('data-src')}{i.attr('srcset')}"
        for i in element.iter_elements("img")
    )


_BY_ATTRIBUTE: dict[str, _Handler] = {
    **dict.fromkeys(_BLOCKED, _blocked_frame),
    "data-tweet-id": _tweet_copy,
    "data-tweetid": _tweet_copy,
    "data-attrs": _data_attrs,
    "data-telegram-post": _telegram,
    "data-pin-do": _pin,
    "data-embed-code": _embed_code,
    "data-borlabs-cookie-type": _embed_code,
}
