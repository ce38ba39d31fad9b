"""URLs: normal form, identity and tracking parameters.

`normalise` returns the address to fetch, `identity` a key that is equal for all addresses of one article.
`unwrap` and `is_share_link` come from `wrapped_urls`.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from yarl import URL

from unabridged.errors import InvalidURL
from unabridged.text.patterns import lazy_regex
from unabridged.wrapped_urls import is_share_link as is_share_link
from unabridged.wrapped_urls import unwrap as unwrap

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

MAX_URL_CHARACTERS = 8192
"""Longer addresses are refused: the limits of browsers and servers lie between 2,000 and 8,192."""

_BREAKS = lazy_regex(r"[\t\r\n]+")
_FEED_AROUND = lazy_regex(r"^feed:(?://)?(?=https?:)", re.IGNORECASE)
_FEED_INSTEAD = lazy_regex(r"^feed://", re.IGNORECASE)
_SLASHES = lazy_regex(r"/{2,}")
_CONTROLS = lazy_regex(r"[\x00-\x20\x7f]+")
_EDGES = "".join(map(chr, range(0x21))) + "\x7f\u00a0\u200b\ufeff"
_SCHEME = lazy_regex(r"[A-Za-z][A-Za-z0-9+.-]*:")
_HOST_AND_PORT = lazy_regex(
    r"(?!(?:javascript|vbscript|livescript|data|file|blob|about|mailto|tel|ftp|ws|wss|view-source):)"
    r"[^/:@\s]+:\d{1,5}(?:[/?#]|$)",
    re.IGNORECASE,
)
_WEB = lazy_regex(
    r"https?://[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::[1-9]\d{0,3})?(?:[/?#][!#$%&()*+,./0-9:;=?@A-Z_a-z~'-]*)?"
)
_SUFFIX_DOTS = lazy_regex("[\u3002\uff0e\uff61]")
"""Full stops of Chinese and Japanese, which separate labels of a host, too."""
_NO_HOST = lazy_regex(r"[\s%\"'<>\\^`{|}(),;=&$!*+\x00-\x20\x7f]")
_UNFIT = lazy_regex(r"[\s\\\"<>`\x00-\x20\x7f]")
_MAILBOX = lazy_regex(r"mailto:[^\s\\\"<>`\x00-\x20\x7f-\x9f]+", re.IGNORECASE)
_CREDENTIALS = lazy_regex(r"^(https?://)[^/?#]*@", re.IGNORECASE)

TRACKERS = frozenset(
    """
    fbclid gclid gclsrc dclid wbraid gbraid msclkid yclid ysclid twclid ttclid li_fat_id igshid igsh
    mc_cid mc_eid mkt_tok oly_anon_id oly_enc_id vero_id wickedid s_cid _hsenc _hsmi hsctatracking _ga
    _gl _openstat __twitter_impression ref_src ref_url cmpid ncid ocid ito guccounter guce_referrer
    guce_referrer_sig xtor at_medium at_campaign at_custom1 at_custom2 at_custom3 at_custom4 at_creation
    at_format spm scm share_token sharetype smid smtyp soc_src soc_trk partner_ns wt_mc wtmc
    traffic_source at_bbc_team at_link_id at_link_origin at_link_type at_ptr_name at_ptr_type
    ns_mchannel ns_source ns_campaign ns_linkname ns_fee feature_share sr_share pk_campaign pk_kwd
    pk_source pk_medium piwik_campaign mtm_campaign mtm_source mtm_medium hootpostid trk_contact trk_msg
    trk_module trk_sid
    """.split()
)
"""Query parameters that say where a visitor came from, not which document is meant. In lower case."""

_TRACKER_PREFIXES = ("utm_", "itm_", "stm_", "hsa_", "matomo_", "ga_source", "ga_medium", "ga_campaign")
_FROM_FEEDS = frozenset({"rss", "feed", "feeds", "atom", "rssfeed", "rss2", "syndication"})
_FROM_PARAMETERS = frozenset({"ref", "source", "src", "from", "via", "cid", "mod", "cmp", "partner"})


def normalise(url: str, base: str | None = None) -> str:
    """Return the address to fetch, absolute, in one percent-encoding, without fragment.

    A missing scheme means https; `feed:` is removed. Raises InvalidURL for an address that is not http or
    https, has no host, contains credentials, or is longer than MAX_URL_CHARACTERS.
    """
    return str(_normal_form(url, base))


def _normal_form(url: str, base: str | None = None) -> URL:
    text = url.strip(_EDGES)
    if not text:
        raise InvalidURL(url, "it is empty")
    if len(text) > MAX_URL_CHARACTERS:
        raise InvalidURL(url, f"it is longer than {MAX_URL_CHARACTERS:,} characters")
    text = _BREAKS.sub("", text)
    if text[:5].lower() == "feed:":
        text = _FEED_AROUND.sub("", text)
        text = _FEED_INSTEAD.sub("http://", text)
    return _parsed(_complete(text, base), url)


_LOGIN = lazy_regex(
    r"(?P<start>(?:feed:(?://)?)?https?://)(?P<user>[^/?#\s\\:]*)(?::(?P<password>[^/?#\s\\]*))?@(?P<rest>[^/?#@\s\\]+.*)",
    re.IGNORECASE | re.DOTALL,
)


def split_login(url: str) -> tuple[str, str | None, str | None]:
    """Return an address without the login in it, and the user and password, decoded; None for those absent.

    An address whose login is ambiguous (a slash in the password) is returned as it is.
    """
    match = _LOGIN.fullmatch(url.strip(_EDGES)) if "@" in url and len(url) <= MAX_URL_CHARACTERS else None
    if match is None or not (match["user"] or match["password"]):
        return url, None, None
    password = match["password"]
    return match["start"] + match["rest"], unquote(match["user"]), password and unquote(password)


def has_scheme(url: str) -> bool:
    """Return True if an address states its scheme, so that https is no guess."""
    text = url.strip(_EDGES)
    return bool(_SCHEME.match(text)) and not _HOST_AND_PORT.match(text)


def _complete(text: str, base: str | None) -> str:
    if base is not None:
        try:
            return urljoin(base, text)
        except ValueError as exc:
            raise InvalidURL(text, reason(text, exc)) from exc
    if text.startswith("//"):
        return "https:" + text
    if not _SCHEME.match(text) or _HOST_AND_PORT.match(text):
        return "https://" + text
    return text


def _parsed(text: str, original: str) -> URL:
    try:
        parsed = URL(_CONTROLS.sub("%20", text.replace("\\", "/")))
        port = parsed.port
        name = parsed.raw_host
    except (ValueError, UnicodeError, TypeError) as exc:
        raise InvalidURL(original, reason(original, exc)) from exc
    if parsed.scheme not in ("http", "https"):
        raise InvalidURL(original, f"only http and https are fetched, not {parsed.scheme or 'this'}")
    if not name or port == 0:
        raise InvalidURL(original, "it names no host" if not name else "port 0 does not exist")
    if parsed.user is not None or parsed.password is not None:
        raise InvalidURL(original, "it contains a user name or password; put those into the feed's settings")
    return parsed.with_fragment(None)


def reason(url: str, exc: Exception) -> str:
    """Return a parser's error message, unless the address has a password, which it might quote."""
    return "it cannot be parsed" if "@" in url else str(exc) or "it cannot be parsed"


def absolute(url: str, base: str | None) -> str | None:
    """Return a link of a page as an absolute http(s) address with its fragment, else None.

    A user name and password are removed: they must not be stored or shown.
    """
    text = url.strip(_EDGES)
    if not text or len(text) > MAX_URL_CHARACTERS:
        return None
    try:
        joined = urljoin(base, text) if base else text
        parts = urlsplit(joined)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            return None
        parsed = URL(_CONTROLS.sub("%20", _BREAKS.sub("", joined)))
        return str(parsed.with_user(None) if "@" in parsed.raw_authority else parsed)
    except (ValueError, UnicodeError, TypeError):
        return None


def web_address(text: object) -> str | None:
    """Return an absolute http(s) address with a host, else None. All addresses in records pass this check.

    A valid address stays as written. Spaces, quotation marks and control characters are percent-encoded; a
    user name or password is removed. Idempotent.
    """
    if not isinstance(text, str):
        return None
    if len(text) <= MAX_URL_CHARACTERS and _WEB.fullmatch(text):  # the usual case
        return text
    found = absolute(text, None)
    if found is None:
        return None
    kept = text if text.isprintable() and not _UNFIT.search(text) and _is_web(text) else found
    bare = _CREDENTIALS.sub(r"\1", kept)
    return bare if len(bare) <= MAX_URL_CHARACTERS and absolute(bare, None) and _has_host(bare) else None


def _has_host(url: str) -> bool:
    """Return True if the host of an absolute address is a name or an IP address, and not other text."""
    name = host(url)
    return _NO_HOST.search(name) is None and any(map(str.isalnum, name))


def _is_web(text: str) -> bool:
    return text[:8].lower().startswith(("http://", "https://"))


def link_target(text: object) -> str | None:
    """Return the target of a link in a text if it is a web or mailto address, else None."""
    if isinstance(text, str) and len(text) <= MAX_URL_CHARACTERS and _MAILBOX.fullmatch(text):
        return text
    return web_address(text)


def is_tracker(name: str, value: str = "") -> bool:
    """Return True if a query parameter only says where the visitor came from."""
    lower = name.lower()
    if lower in TRACKERS or lower.startswith(_TRACKER_PREFIXES):
        return True
    return lower in _FROM_PARAMETERS and value.lower() in _FROM_FEEDS


def strip_trackers(url: str) -> str:
    """Return the address without tracking parameters, otherwise unchanged."""
    head, mark, rest = url.partition("?")
    if not mark:
        return url
    query, hash_mark, fragment = rest.partition("#")
    pairs = query.split("&")
    kept = [pair for pair in pairs if not _tracks(pair)]
    if len(kept) == len(pairs):
        return url
    return head + ("?" + "&".join(kept) if kept else "") + hash_mark + fragment


def _tracks(pair: str) -> bool:
    name, _, value = pair.partition("=")
    return is_tracker(unquote(name), unquote(value))


_AMP_PATH = lazy_regex(r"(?:/amp/?|\.amp)$|(?<=\.html)/amp$", re.IGNORECASE)


def identity(url: str) -> str:
    """Return a key that is equal for all addresses of one article. It is not an address to fetch.

    Opens wrappers; removes trackers, fragment, scheme, `www.`, default port, AMP marks, doubled and trailing
    slashes; sorts parameters and normalises the percent-encoding.
    Raises InvalidURL as `normalise` does.
    """
    parsed = _normal_form(unwrap(url.strip(_EDGES)))
    name = (parsed.raw_host or "").lower().rstrip(".").removeprefix("www.")
    if name.startswith("amp.") and name.count(".") >= 2:
        name = name.removeprefix("amp.")
    port = f":{parsed.port}" if parsed.port not in (80, 443, None) else ""
    path = _AMP_PATH.sub("", _SLASHES.sub("/", parsed.raw_path)).rstrip("/")
    return name + port + path + _identity_query(parsed)


def _identity_query(parsed: URL) -> str:
    pairs = [
        pair
        for pair in parsed.raw_query_string.split("&")
        if pair and not _tracks(pair) and pair.lower() not in ("amp", "amp=1", "amp=true", "outputtype=amp")
    ]
    return "?" + "&".join(sorted(pairs)) if pairs else ""


def origin(url: str) -> str:
    """Return an address's origin, without the scheme's default port. Raises InvalidURL.

    Credentials are bound to this form. Spellings of a host in another case, script, or with a final dot give
    the same origin.
    """
    parsed = _normal_form(url)
    name = (parsed.raw_host or "").lower().rstrip(".")
    shown = f"[{name}]" if ":" in name else name
    port = "" if parsed.is_default_port() else f":{parsed.port}"
    return f"{parsed.scheme}://{shown}{port}"


def host(url: str) -> str:
    """Return the host in lower case, without port; "" if there is none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


@lru_cache(maxsize=1)
def _suffixes() -> "PublicSuffixList":
    """Read the official part of the bundled public suffix list, with its names as people write them."""
    # Its 7,000 rules take 0.01 s, which most commands do not need.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_unknown=False, accept_encoded_idn=False, only_icann=True)


@lru_cache(maxsize=4096)
def _domain_of(name: str) -> str:
    labels = _SUFFIX_DOTS.sub(".", name).split(".")
    found = _suffixes().privatesuffix(".".join(map(_decoded_label, labels)))
    return ".".join(labels[-found.count(".") - 1 :]) if found else name


def _decoded_label(label: str) -> str:
    """Return a label of a host as people write it: `xn--fiqs8s` is `中国`."""
    if not label.startswith("xn--"):
        return label
    try:
        return label[4:].encode("ascii").decode("punycode")
    except UnicodeError:
        return label


def registrable_domain(url: str) -> str:
    """Return the registrable domain (`bbc.co.uk`) by the bundled public suffix list.

    An IP address or a bare host name is its own domain.
    """
    return _domain_of(host(url))


def readable(url: str) -> str:
    """Return the address as people read it: percent-encoding and punycode decoded where that is safe."""
    try:
        return URL(url).human_repr()
    except (ValueError, UnicodeError, TypeError):
        return url
