"""Boilerplate of feed and document HTML: share bars, promotions, advertising, footers. Found by function, not
by site."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from unabridged import urls
from unabridged.extraction.html.builders import HtmlPiece, strip_tags
from unabridged.extraction.html.dom import Element, Node
from unabridged.extraction.html.media import MEDIA_TAGS
from unabridged.text.labels import AD_LABELS, SHARE_SIGNS, SHARE_WORDS

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_PROMO_TOKEN = re.compile(
    r"(?:^|[\s_-])(?:newsletter|selfpromo|promo|promobox|subscribe|subscription|sharedaddy|sharing|share|shareaholic|"
    r"social|addtoany|addthis|feedflare|relatedposts|related|advert|advertisement|adsense|"
    r"googleads|outbrain|taboola|mc4wp|paywall|donate|donation)(?:$|[\s_-])",
    re.IGNORECASE,
)
_AD_LABEL = re.compile(rf"\W*(?:{'|'.join(AD_LABELS)})\W*", re.IGNORECASE)
_CUSTOM_SHARE = re.compile(r"(?:^|-)(?:share|sharing|social|newsletter|subscribe|promo|ad|ads)(?:-|$)")
LONGEST_LABEL = 60
LONGEST_FOOTER = 400


def is_share(link: Element) -> bool:
    """Say whether a link shares or sends a URL instead of opening it."""
    href = (link.attr("href") or "").strip()
    return bool(href) and ("share" in href or "/" in href or ":" in href) and urls.is_share_link(href)


def boilerplate_elements(root: Element) -> frozenset[Node]:
    """Return the boilerplate elements of a fragment: share bars, promotions, advertising."""
    return share_bars(root) | promotions(root)


def share_bars(root: Element) -> frozenset[Node]:
    """Return the share links below an element, each with the bar around it."""
    return frozenset(_enclosing_bar(link, root) for link in root.iter_elements("a") if is_share(link))


def promotions(root: Element) -> frozenset[Node]:
    """Return the elements whose class or id names a promotion, unless they hold much of the text.

    An element that holds 40 % of the text stays, whatever it is called.
    """
    whole = max(1, len(root.text))
    found = (element for element in root.iter_elements() if _is_promotion(element))
    return frozenset(element for element in found if len(element.text) < 0.4 * whole)


def _enclosing_bar(link: Element, root: Element) -> Element:
    """Return the largest element around a share link that holds only share links and their label."""
    best = link
    for parent in _parents(link, root):
        if not _is_bar(parent):
            break
        best = parent
    return best


def _parents(element: Element, root: Element) -> Iterator[Element]:
    for _ in range(8):
        parent = element.parent
        if not isinstance(parent, Element) or parent == root or parent.tag in ("body", "html"):
            return
        yield parent
        element = parent


def _is_bar(element: Element) -> bool:
    text = element.text
    if len(text) > 600:
        return False
    for link in element.iter_elements("a"):
        if not is_share(link) and link.text.strip() and not _only_share_words(link.text):
            return False
        text = text.replace(link.text, " ", 1) if is_share(link) and link.text.strip() else text
    if not _only_share_words(text):
        return False
    return all(_inside_link(media, element) for media in element.iter_elements(sorted(MEDIA_TAGS)))


def _inside_link(media: Element, stop: Element) -> bool:
    link = media.closest("a")
    return link is not None and is_share(link)


def _only_share_words(text: str) -> bool:
    return all(word in SHARE_WORDS for word in _WORD.findall(text.casefold()))


def is_share_label(text: str) -> bool:
    """Say whether a line is only the label of a share bar ("Share this on:")."""
    if len(text) > LONGEST_LABEL:
        return False
    found = _WORD.findall(text.casefold())
    if not 0 < len(found) <= 8:
        return False
    return all(word in SHARE_WORDS for word in found) and any(word in SHARE_SIGNS for word in found)


def is_advertising(element: Element) -> bool:
    """Say whether an element's aria-label is an advertisement label."""
    label = element.attr("aria-label")
    return bool(label and len(label) < 40 and _AD_LABEL.fullmatch(label))


def _is_promotion(element: Element) -> bool:
    tag = element.tag
    if "-" in tag:
        return _CUSTOM_SHARE.search(tag) is not None and not tag.startswith("amp-")
    if not len(element.attrs):
        return False
    if is_advertising(element):
        return True
    names = f"{element.attr('class') or ''} {element.attr('id') or ''}"
    if names != " " and _PROMO_TOKEN.search(names[:500]):
        return tag not in ("body", "article", "main")
    return any(name.startswith("data-selfpromo") for name in element.attrs)


_FOOTER = re.compile(
    r"""
    获取更多\s*rss | 更多\s*rss | 订阅指南 | 訂閱指南 | rss\s*订阅 | 阅读原文$
    | 查看原文$ | 閱讀原文$ | 点击查看原文
    | 本文由.{0,40}rss
    | ^the\ post\b.{0,300}\b(?:appeared\ first\ on|first\ appeared\ on)\b
    | ^(?:l['’]article|der\ beitrag|el\ art[ií]culo|la\ entrada|o\ post|l['’]articolo|het\ bericht)\b.{0,300}
      \b(?:est\ apparu|erschien\ zuerst|se\ public[oó]|apareció\ primero|apareceu\ primeiro|proviene\ da
      |verscheen\ eerst)\b
    | ^сообщение\b.{0,300}\bпоявились\ сначала\ на\b
    | this\ entry\ passed\ through\ the | full-text\ rss | fivefilters | ^let['’]?s\ block\ ads
    | ^(?:powered|generated|delivered|brought\ to\ you)\ by\b.{0,80}$
    | ^feed\ (?:generated|created|provided)\ by
    | ^(?:this\ feed|this\ rss)\b
    | ^view\ (?:the\ )?original\ (?:article|post) | ^\(?feed\ generated
    | ^(?:read\ more|continue\ reading|weiterlesen|lire\ la\ suite
      |seguir\ leyendo|leer\ más|leia\ mais|читать\ далее
      |читати\ далі|czytaj\ dalej|continua\ a\ leggere|lees\ verder
      |阅读更多|閱讀更多|阅读全文|閱讀全文|続きを読む|더\ 보기)
      [\s.…»→>:]{0,5}$
    | ^(?:subscribe|sign\ up)\b.{0,120}\b(?:newsletter|feed|rss)\b | ^订阅.{0,40}rss
    | ^copyright\b.{0,120}$ | ^©.{0,120}$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_ABOUT_FEEDS = re.compile(r"\b(?:rss|atom|feeds?|newsletter)\b|订阅|訂閱|rss", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+/?\S*")
_CLOCK = re.compile(
    r"\W*(?:(?:published|updated|posted|on|at|发布|发布时间|更新|时间|日期)\W*)?"
    r"(?:\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?|\d{1,2}\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{4})"
    r"(?:[\s,T–—-]+(?:\d{1,2}\s*[:.h時时]\s*\d{2}(?:\s*[:.]\s*\d{2})?)?\s*(?:分|uhr|[ap]\.?m\.?)?"
    r"\s*(?:Z|UTC|GMT|CET|CEST|[A-Z]{3,4}|[+-]\d{2}:?\d{2})?)?\W*",
    re.IGNORECASE,
)
_RELATIVE_CLOCK = re.compile(
    r"\W*\d{1,3}\s*(?:分钟|分鐘|小时|小時|天|秒|minutes?|hours?|days?|min\.?|h)\s*(?:前|ago)\W*",
    re.IGNORECASE,
)


def trim_edges(pieces: list[HtmlPiece]) -> list[HtmlPiece]:
    """Remove footers, rules and share labels from the end, and dates and stray words from the start."""
    kept = [piece for piece in pieces if not (piece.run and is_share_label(_text(piece)))]
    while kept and _is_footer(kept[-1]):
        kept.pop()
    start = 0
    while start < len(kept) and _is_header(kept[start]):
        start += 1
    return kept[start:]


def _text(piece: HtmlPiece) -> str:
    return strip_tags(piece.html[:4000].replace("<br>", " ")).replace("&nbsp;", " ").strip()


def _is_footer(piece: HtmlPiece) -> bool:
    if piece.html == "<hr>":
        return True
    if not piece.run or len(piece.html) > 4000:
        return False
    text = _text(piece)
    if len(text) > LONGEST_FOOTER:
        return False
    return _FOOTER.search(text) is not None or _lists_feed_services(piece.html)


def _lists_feed_services(html: str) -> bool:
    """Say whether a short block mentions feeds and otherwise holds only bare host names."""
    texts = [strip_tags(link) for link in re.findall(r"<a [^>]*>(.*?)</a>", html)]
    if not texts or not all(_BARE_ADDRESS.fullmatch(text.strip()) for text in texts):
        return False
    rest = strip_tags(re.sub(r"<a [^>]*>.*?</a>", " ", html.replace("<br>", " "))).strip()
    return len(rest) < 40 and (not rest or _ABOUT_FEEDS.search(rest) is not None) and _are_hosts(texts)


def _are_hosts(texts: list[str]) -> bool:
    try:
        paths = [urlsplit(text if "//" in text else "//" + text).path for text in texts]
    except ValueError:
        return False
    return all(path in ("", "/") for path in paths)


def _is_header(piece: HtmlPiece) -> bool:
    if piece.html == "<hr>":
        return True
    if not piece.run or len(piece.html) > 300:
        return False
    text = _text(piece)
    # "Array" is printed by broken templates in place of the lead image.
    return text == "Array" or bool(_CLOCK.fullmatch(text) or _RELATIVE_CLOCK.fullmatch(text))
