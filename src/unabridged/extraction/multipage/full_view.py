"""Find the full view of an article that its page links to: a single page, a print view or AMP."""

import re
from urllib.parse import unquote, urlsplit

from unabridged import urls
from unabridged.extraction.html.dom import Dom, Element
from unabridged.extraction.html.resolve import resolve
from unabridged.extraction.multipage.next_page import MOST_LINKS, page_stem
from unabridged.model import Completeness
from unabridged.text.patterns import lazy_regex

LONGEST_LABEL = 60
"""Maximum characters of a link's text that may name a full view."""
_SINGLE = lazy_regex(
    r"^\W*(?:(?:view|read|show|see|print)?\s*(?:the\s+)?(?:article\s+|story\s+)?(?:as|on|in)?\s*(?:a\s+)?"
    r"(?:single|one)[\s-]page(?:\s+view)?|view\s+all(?:\s+pages)?|all\s+(?:pages|on\s+one\s+page)|show\s+all\s+pages"
    r"|(?:view|read|see|show)\s+(?:the\s+)?(?:full|whole|entire|complete)\s+(?:article|story|text|page|version)"
    r"|full\s+(?:article|text|story|version)|(?:\w+\s+){0,2}auf\s+einer\s+seite(?:\s+(?:lesen|anzeigen|zeigen))?"
    r"|(?:ganzen?|gesamten?|vollständigen?)\s+(?:artikel|text|beitrag)(?:\s+(?:lesen|anzeigen))?"
    r"|(?:\w+\s+){0,3}(?:sur|en)\s+une\s+(?:seule\s+)?page|(?:lire\s+)?l['’]article\s+(?:entier|complet|intégral)"
    r"|(?:\w+\s+){0,3}en\s+una\s+(?:sola\s+)?página|(?:leer|ver)\s+(?:el\s+)?(?:artículo|texto)\s+completo"
    r"|(?:\w+\s+){0,3}(?:in|su)\s+un['’\s]?(?:a\s+)?(?:sola|unica)\s+pagina|(?:leggi\s+)?(?:l['’])?articolo\s+completo"
    r"|(?:\w+\s+){0,3}(?:em|numa)\s+(?:uma\s+)?(?:só|única)\s+página|(?:ler\s+)?(?:o\s+)?artigo\s+completo"
    r"|(?:\w+\s+){0,2}op\s+(?:één|1|een)\s+pagina|(?:\w+\s+){0,2}na\s+jednej\s+stronie"
    r"|(?:\w+\s+){0,2}на\s+одной\s+странице|одной\s+страницей|(?:читать\s+)?(?:весь\s+текст|статью\s+целиком|полностью)"
    r"|全文阅读|閱讀全文|阅读全文|显示全文|查看全文|余下全文|单页(?:阅读|显示)|單頁閱讀|在本页阅读全文|一页显示|全文閱讀"
    r"|全文(?:を)?(?:表示|読む)|(?:1|１|一)ページ(?:で|に)?(?:表示|まとめて)|記事全文|한\s*페이지로\s*보기|기사\s*전체\s*보기"
    r"|전체\s*보기)\W*$",
    re.I,
)
_SINGLE_ADDRESS = lazy_regex(
    r"[?&](?:page|p|pg|seite|pagina|view|viewall|show|single_?page|one_?page|full)=(?:all|full|single|complete|1page)"
    r"(?:&|$)|[?&](?:single_?page|one_?page|viewall|showall)(?:=(?:1|true|yes))?(?:&|$)"
    r"|[/_.-](?:single-?page|one-?page|komplettansicht|view-?all)(?:[/.]|$)",
    re.I,
)
_PRINT_ADDRESS = lazy_regex(
    r"(?:^|[/?&=_.-])(?:print(?:able|er|view|version|page|_friendly|-friendly|friendly)?|drucken?|druckversion"
    r"|druckansicht|imprim(?:ir|er|ible|able)|impression|stampa(?:bile)?|tulosta|utskrift|skriv-?ut|druk(?:uj)?"
    r"|afdrukken|tisk|pechat|yazdir|nyomtat(?:as)?)(?:[/?&=_.-]|$)",
    re.I,
)
_NUMBER = lazy_regex(r"\d{4,}")
_YEAR = lazy_regex(r"(?:19|20)\d\d(?:\d{2}){0,2}")


def needs_full_view(completeness: Completeness, *, goes_on: bool, empty: bool) -> bool:
    """Say whether another view of the article is worth a request: only if this page is incomplete.

    goes_on: the article has further pages. empty: no text was found. Paywalled pages and walls are
    left alone.
    """
    if completeness.kind == "not_an_article":
        return empty
    return completeness.kind == "truncated" or (goes_on and completeness.whole)


def find_full_view(dom: Dom, url: str) -> str | None:
    """Return the URL of the article's best other view: single page, then print, then AMP; None without one.

    A link counts only if it stays on the site and its URL names the article; AMP is taken as the page
    declares it.
    """
    printed: str | None = None
    for link in dom.select("a[href],link[rel~=alternate][media~=print][href]")[:MOST_LINKS]:
        href = (link.attr("href") or "").strip()
        declared = link.tag == "link"
        single = not declared and _is_single_page_link(link, href)
        if not single and (printed or not (declared or _PRINT_ADDRESS.search(href))):
            continue
        address = _beside(href, url)
        if address is None or not (declared or names_article(address, url)):
            continue
        if single:
            return address
        printed = printed or address
    return printed or _amp(dom, url)


def _is_single_page_link(link: Element, href: str) -> bool:
    """Say whether a link offers the article on a single page, by its URL or its text."""
    if not href or href[0] == "#":
        return False
    if _SINGLE_ADDRESS.search(href):
        return True
    text = link.text
    if len(text) > 4 * LONGEST_LABEL:
        return False
    text = " ".join(text.split()) or link.attr("title") or ""
    return 3 < len(text) <= LONGEST_LABEL and bool(_SINGLE.match(text))


def _amp(dom: Dom, url: str) -> str | None:
    for link in dom.select("link[rel~=amphtml][href]")[:2]:
        address = resolve((link.attr("href") or "").strip(), url)
        if address is not None and _plain(address) != _plain(url):
            return address
    return None


def _beside(href: str, url: str) -> str | None:
    """Return the absolute URL of a link to another page of the same site, None for any other."""
    address = resolve(href, url)
    if address is None or _plain(address) == _plain(url):
        return None
    return _plain(address) if urls.registrable_domain(address) == urls.registrable_domain(url) else None


def _plain(url: str) -> str:
    return url.partition("#")[0]


def names_article(address: str, url: str) -> bool:
    """Say whether a URL is about the article at `url`: by path, name or number."""
    if page_stem(address).partition("?")[0].startswith(page_stem(url).partition("?")[0].rstrip("/")):
        return len(urlsplit(url).path) > 1
    theirs = unquote(address)
    parts = urlsplit(unquote(url))
    names = [re.sub(r"\.\w{2,5}$", "", part) for part in parts.path.split("/")]
    if any(len(name) >= 8 and not name.isdigit() and name in theirs for name in names[-2:]):
        return True
    numbers = set(_NUMBER.findall(f"{parts.path}?{parts.query}"))
    return any(not _YEAR.fullmatch(number) and number in _NUMBER.findall(theirs) for number in numbers)
