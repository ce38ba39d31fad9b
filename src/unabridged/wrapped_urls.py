"""Links wrapped in other links: shares, redirectors, link checkers of mail programs, AMP caches."""

import re
from base64 import urlsafe_b64decode
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from unabridged.errors import without_login
from unabridged.text.patterns import lazy_regex

MAX_VALUE_CHARACTERS = 8192
"""Longer values of parameters are not decoded."""

_Wrappers = tuple[tuple[str, str, tuple[str, ...]], ...]
"""Rows of (host with its subdomains, start of the path, parameters that hold the target address)."""

_SHARERS: _Wrappers = (
    ("facebook.com", "/sharer", ("u",)),
    ("facebook.com", "/dialog/", ("href", "link", "redirect_uri")),
    ("x.com", "/intent/", ("url", "text")),
    ("x.com", "/share", ("url", "text")),
    ("twitter.com", "/intent/", ("url", "text")),
    ("twitter.com", "/share", ("url", "text")),
    ("twitter.com", "/home", ("status",)),
    ("whatsapp.com", "/send", ("text",)),
    ("wa.me", "/", ("text",)),
    ("t.me", "/share", ("url",)),
    ("telegram.me", "/share", ("url",)),
    ("linkedin.com", "/sharearticle", ("url",)),
    ("linkedin.com", "/sharing/", ("url",)),
    ("linkedin.com", "/cws/share", ("url",)),
    ("reddit.com", "/submit", ("url",)),
    ("pinterest.com", "/pin/create/", ("url",)),
    ("tumblr.com", "/share", ("url", "canonicalurl", "u")),
    ("tumblr.com", "/widgets/share/", ("canonicalurl", "url")),
    ("vk.com", "/share.php", ("url",)),
    ("connect.ok.ru", "/offer", ("url",)),
    ("service.weibo.com", "/share/", ("url",)),
    ("sns.qzone.qq.com", "/cgi-bin/", ("url",)),
    ("connect.qq.com", "/widget/shareqq", ("url",)),
    ("social-plugins.line.me", "/lineit/share", ("url",)),
    ("line.me", "/r/msg/text", ("text",)),
    ("timeline.line.me", "/social-plugin/share", ("url",)),
    ("b.hatena.ne.jp", "/add", ("url",)),
    ("getpocket.com", "/save", ("url",)),
    ("getpocket.com", "/edit", ("url",)),
    ("share.flipboard.com", "/bookmarklet/", ("url",)),
    ("xing.com", "/spi/shares", ("url",)),
    ("bsky.app", "/intent/compose", ("text",)),
    ("threads.net", "/intent/post", ("text", "url")),
)

_REDIRECTORS: _Wrappers = (
    ("facebook.com", "/l.php", ("u",)),
    ("facebook.com", "/flx/warn", ("u",)),
    ("l.messenger.com", "/l.php", ("u",)),
    ("l.instagram.com", "/", ("u",)),
    ("l.threads.net", "/", ("u",)),
    ("l.threads.com", "/", ("u",)),
    ("l.wl.co", "/l", ("u",)),
    ("linkedin.com", "/redir/", ("url",)),
    ("linkedin.com", "/safety/go", ("url",)),
    ("out.reddit.com", "/", ("url",)),
    ("t.umblr.com", "/redirect", ("z",)),
    ("vk.com", "/away.php", ("to",)),
    ("getpocket.com", "/redirect", ("url",)),
    ("google.com", "/url", ("q", "url")),
    ("google.com", "/alerts/feeds", ("url",)),
    ("news.google.com", "/news/url", ("url",)),
    ("translate.google.com", "/translate", ("u",)),
    ("bing.com", "/news/apiclick.aspx", ("url",)),
    ("duckduckgo.com", "/l/", ("uddg",)),
    ("bing.com", "/ck/", ("u",)),
    ("youtube.com", "/redirect", ("q",)),
    ("safelinks.protection.outlook.com", "/", ("url",)),
    ("statics.teams.cdn.office.net", "/evergreen-assets/safelinks/", ("url",)),
    ("urldefense.proofpoint.com", "/v1/", ("u",)),
    ("clicktime.symantec.com", "/", ("u",)),
    ("linkprotect.cudasvc.com", "/url", ("a",)),
    ("exit.sc", "/", ("url",)),
    ("gate.sc", "/", ("url",)),
    ("flipboard.com", "/redirect", ("url",)),
    ("pinterest.com", "/offsite", ("url",)),
    ("medium.com", "/r/", ("url",)),
    ("digg.com", "/submit", ("url",)),
    ("yandex.ru", "/clck/jsredir", ("url",)),
    ("mp.weixinbridge.com", "/mp/wapredirect", ("url",)),
    ("weibo.cn", "/sinaurl", ("u", "toasturl")),
    ("douban.com", "/link2", ("url",)),
    ("c.pc.qq.com", "/middlem.html", ("pfurl",)),
    ("gitee.com", "/link", ("target",)),
    ("oschina.net", "/action/gotolink", ("url",)),
    ("go.skimresources.com", "/", ("url",)),
    ("go.redirectingat.com", "/", ("url",)),
    ("redirect.viglink.com", "/", ("u",)),
    ("awin1.com", "/cread.php", ("ued", "p")),
    ("slack-redir.net", "/link", ("url",)),
    ("steamcommunity.com", "/linkfilter", ("u", "url")),
    ("link.zhihu.com", "/", ("target",)),
    ("link.jianshu.com", "/", ("t",)),
    ("link.csdn.net", "/", ("target",)),
    ("link.juejin.cn", "/", ("target",)),
    ("jump.bdimg.com", "/safecheck", ("url",)),
    ("disq.us", "/", ("url",)),
    ("click.linksynergy.com", "/deeplink", ("murl",)),
)

_GOOGLE = lazy_regex(r"(?:(?<=^)|(?<=\.))google\.(?:com?\.)?[a-z]{2,3}$")

_Table = dict[str, list[tuple[str, tuple[str, ...]]]]


def _by_host(wrappers: _Wrappers) -> _Table:
    table: _Table = {}
    for name, start, parameters in wrappers:
        table.setdefault(name, []).append((start, parameters))
    return table


_SHARER_TABLE = _by_host(_SHARERS)
_WRAPPER_TABLE = _by_host(_SHARERS + _REDIRECTORS)

_SHARE_SCHEMES = ("whatsapp:", "fb-messenger:", "tg:", "viber:", "line:", "sms:")
_INNER = lazy_regex(r"https?://[^\s<>\"']+")


def unwrap(url: str) -> str:
    """Return the publisher's address inside a share, redirect or AMP-cache link, else `url` itself.

    Nested wrappers are opened, up to three levels.
    """
    for _ in range(3):
        inner = _unwrap_once(url)
        if inner is None or inner == url:
            return url
        url = without_login(inner)
    return url


def is_share_link(url: str) -> bool:
    """Return True for a link that shares or sends an address instead of opening it."""
    if url.lower().startswith(_SHARE_SCHEMES):
        return True
    return _wrapped_parameters(url, _SHARER_TABLE) is not None


def _wrapped_parameters(url: str, table: _Table) -> tuple[str, ...] | None:
    try:
        parts = urlsplit(url)
        name = _GOOGLE.sub("google.com", (parts.hostname or "").removeprefix("www."))
    except ValueError:
        return None
    path = parts.path.lower() or "/"
    while name:
        for start, parameters in table.get(name, ()):
            if path.startswith(start):
                return parameters
        name = name.partition(".")[2]
    return None


def _unwrap_once(url: str) -> str | None:
    lower = url.lower()
    if lower.startswith(_SHARE_SCHEMES):
        return _first_address(_values(url, ("text", "url", "link")))
    parameters = _wrapped_parameters(url, _WRAPPER_TABLE)
    if parameters is not None:
        return _first_address(_values(url, parameters))
    return _from_path(url)


def _values(url: str, names: Iterable[str]) -> list[str]:
    query = url.partition("?")[2].partition("#")[0]
    given = [pair.partition("=")[::2] for pair in query.split("&")]
    # A feed that escapes its addresses twice leaves "amp;" before the names.
    found = {
        unquote(k).lower().removeprefix("amp;"): unquote(v.replace("+", "%20")) for k, v in reversed(given)
    }
    values = [found[name] for name in names if found.get(name)]
    return [text for value in values for text in (value, _decoded(value))]


def _decoded(value: str) -> str:
    """Return the text inside base64url, also after the mark "a1" of Bing; "" for anything else."""
    if not 16 < len(value) < MAX_VALUE_CHARACTERS:
        return ""
    bare = value.removeprefix("a1").rstrip("=")
    try:
        return urlsafe_b64decode(bare + "=" * (-len(bare) % 4)).decode("latin-1")
    except ValueError:
        return ""


def _first_address(values: Iterable[str]) -> str | None:
    for value in values:
        match = _INNER.search(value)
        if match:
            return match[0]
    return None


_GOOGLE_AMP = lazy_regex(r"https?://(?:www\.)?google\.[a-z.]+/amp/(s/)?(.+)", re.IGNORECASE)
_AMP_CACHE = lazy_regex(r"https?://[\w-]+\.cdn\.ampproject\.org/[a-z]/(s/)?(.+)", re.IGNORECASE)


# Services that put the address into the path: as it is, percent-encoded, or in a form of their own.
_IN_PATH = lazy_regex(
    r"https?://(?:urldefense\.com/v3/__(?P<v3>https?:.+?)__;"
    r"|urldefense\.proofpoint\.com/v2/url\?(?:.*&)?u=(?P<v2>[^&]+)"
    r"|news\.google\.com/(?:__i/)?(?:rss/)?(?:rd/)?(?:articles|read)/(?P<news>[\w-]+)"
    r"|secure-web\.cisco\.com/[^?]*?/(?P<encoded>https?%3A[^?&#]+)"
    r"|r\.search\.yahoo\.com/.*?/RU=(?P<yahoo>http[^/]+)"
    r"|(?:[\w.]+\.)?(?:rd|news)\.yahoo\.com/[^?]*?\*(?P<star>https?(?::|%3A).+)"
    r"|(?:href\.li|anonym\.to|anon\.to|nullrefer\.com|dereferer\.org|(?:www\.)?deviantart\.com/users/outgoing)"
    r"/?\?(?P<query>http.+))",
    re.IGNORECASE,
)


def _from_path(url: str) -> str | None:
    match = _IN_PATH.match(url)
    if match is None:
        return _from_amp_cache(url)
    kind, value = match.lastgroup, match[match.lastgroup or 0]
    if kind == "v2":
        value = value.replace("-", "%").replace("_", "/")
    elif kind == "v3":  # slashes after the scheme are doubled or not
        value = re.sub(r"^(https?):/+", r"\1://", value)
    elif kind == "news":
        return _from_google_news(value)
    return _first_address((value if kind in ("v3", "query") else unquote(value),))


def _from_google_news(identifier: str) -> str | None:
    """Return the address inside an id of Google News, None for the ids that only Google can resolve."""
    found = re.search(r"https?://[\x21-\x7e]+", _decoded(identifier))
    return found[0] if found else None


def _from_amp_cache(url: str) -> str | None:
    match = _GOOGLE_AMP.match(url) or _AMP_CACHE.match(url)
    if match is None:
        return None
    return ("https://" if match[1] else "http://") + match[2]
