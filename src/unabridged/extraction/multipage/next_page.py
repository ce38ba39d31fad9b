"""Find an article's next page: a link to the same URL with the next page number."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from unabridged import urls
from unabridged.extraction.html.dom import Dom, Element
from unabridged.extraction.html.resolve import resolve
from unabridged.text.patterns import lazy_regex

_PAGE_IN_PATH = lazy_regex(
    r"(?:(?P<word>[/_.-](?:page|pg|p|seite|pagina|página|sida|side|strona|str|stranica|trang|halaman|sivu|oldal|ye))"
    r"(?P<gap>[/_.=-]?)|(?P<mark>[/_,-]))(?P<number>\d{1,2})(?P<end>/?(?:\.\w{2,5})?/?)$",
    re.IGNORECASE,
)
_PAGE_IN_QUERY = lazy_regex(
    r"(?:^|&)(?:page|pg|p|pn|paged|pageno|pagenum|page_no|seite|pagina|sida|strona|str|halaman|trang|currentpage)"
    r"=(\d{1,2})(?=&|$)",
    re.IGNORECASE,
)
_COMMENTS = lazy_regex(r"comment|reply|replies|review|gallery-?thumb|#respond", re.IGNORECASE)
_NEXT_WORDS = lazy_regex(
    r"^\W*(?:(?:read|see|view|go\ to)?\s*(?:the\s+)?next(?:\s+page)?|continue(?:\s+reading)?|suivante?"
    r"|page\s+suivante|suite|nächste\s+seite|weiter(?:lesen)?|siguiente|página\s+siguiente|seguinte|próxima(?:\s+página)?"
    r"|próximo|successiva|pagina\s+successiva|avanti|volgende(?:\s+pagina)?|nästa(?:\s+sida)?|næste|neste"
    r"|następna(?:\s+strona)?|dalej|další|ďalej|következő|следующая(?:\s+страница)?|вперёд|вперед|далее"
    r"|наступна|далі|sonraki(?:\s+sayfa)?|επόμενη|seuraava|berikutnya|selanjutnya|trang\s+sau|ต่อไป|หน้าถัดไป"
    r"|التالي|التالية|הבא|下一页|下一頁|下页|下頁|后一页|続きを読む|次へ|次のページ|次ページ|다음(?:\s*페이지)?)"
    r"[\W\d]*$",
    re.IGNORECASE | re.VERBOSE,
)
_NEXT_CLASS = lazy_regex(
    r"(?:^|[\s_-])(?:next|nextpage|pag(?:e|er|ination|inator|ing)?)(?:$|[\s_-])", re.IGNORECASE
)
LONGEST_RELATIVE = 16
"""Maximum characters of a URL that may omit the article's own name ("?page=2", "page/2/")."""
MOST_LINKS = 3000
"""Maximum links of a page that are examined."""


def find_next(dom: Dom, url: str) -> str | None:
    """Return the URL of the next page of the article at `url`, None if there is none.

    Only the same URL with the next page number counts, so the next article is never taken for a next page.
    """
    return next((address for address, _ in next_links(dom, url)), None)


def next_links(dom: Dom, url: str) -> Iterator[tuple[str, Element]]:
    """Yield the addresses and elements of the links to the next page of the article at `url`."""
    here, stem = page_number(url), page_stem(url)
    host, wanted = urls.host(url), str(here + 1)
    name = stem.partition("?")[0].rsplit("/", 1)[-1]
    for link in _candidates(dom, wanted):
        href = link.attr("href") or ""
        # Most links are ruled out before their URLs are resolved.
        if href[:1] == "#" or (name not in href and len(href) > LONGEST_RELATIVE):
            continue
        address = resolve(href.strip(), url)
        if address is None or urls.host(address) != host or leads_to_comments(address):
            continue
        if page_number(address) == here + 1 and page_stem(address) == stem and is_next_link(link, here + 1):
            yield address.partition("#")[0], link


def leads_to_comments(address: str) -> bool:
    """Say whether an address is that of a page of comments, reviews or thumbnails."""
    return _COMMENTS.search(address) is not None


def _candidates(dom: Dom, wanted: str) -> list[Element]:
    """Return links whose URL contains the wanted number, in document order."""
    return dom.select(f'a[href*="{wanted}"],link[rel~=next][href*="{wanted}"]')[:MOST_LINKS]


def is_next_link(link: Element, number: int) -> bool:
    """Say whether a link presents itself as the link to the next page."""
    if "next" in (link.attr("rel") or "").lower().split():
        return True
    text = link.text.strip()[:80] or link.attr("aria-label") or link.attr("title") or ""
    if text == str(number) or _NEXT_WORDS.match(text):
        return True
    parent = link.parent
    around = f"{link.attr('class') or ''} {parent.attr('class') or '' if isinstance(parent, Element) else ''}"
    return len(text) <= 12 and str(number) in text and bool(_NEXT_CLASS.search(around))


def page_number(url: str) -> int:
    """Return the page number in a URL; 1 without one."""
    parts = urlsplit(url)
    found = _PAGE_IN_QUERY.search(parts.query)
    if found:
        return int(found[1])
    match = _PAGE_IN_PATH.search(parts.path)
    return int(match["number"]) if match else 1


def page_stem(url: str) -> str:
    """Return the common part of the URLs of an article's pages: without page number, scheme and fragment."""
    parts = urlsplit(url)
    query = _PAGE_IN_QUERY.sub("", parts.query).strip("&")
    path = parts.path
    if not _PAGE_IN_QUERY.search(parts.query) and (match := _PAGE_IN_PATH.search(path)):
        path = path[: match.start()] + match["end"]
    path = re.sub(r"\.\w{2,5}/?$", "", path).rstrip("/")
    path = re.sub(r"/(?:index|default)$", "", path)
    return f"{parts.hostname or ''}{path}?{urls.strip_trackers('?' + query)[1:]}"
