"""The names of elements, however a feed spells their namespaces."""

from functools import lru_cache

XML = "{http://www.w3.org/XML/1998/namespace}"
XML_BASE = XML + "base"
XML_LANG = XML + "lang"
RDF_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

# Namespace, in lower case and without its last "/" or "#", -> the prefix we know it by. "" is the
# common vocabulary of RSS and Atom: feeds mix both, and no name means two things there.
_PREFIXES = {
    "": "",
    "http://blogs.law.harvard.edu/tech/rss": "",
    "http://cyber.law.harvard.edu/rss/rss.html": "",
    "http://purl.org/rss/1.0": "",
    "http://purl.org/net/rss1.1": "",
    "http://my.netscape.com/rdf/simple/0.9": "",
    "http://channel.netscape.com/rdf/simple/0.9": "",
    "http://purl.org/rss/1.0/modules/rss091": "",
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns": "",
    "http://example.com/newformat": "",
    "http://example.com/necho": "",
    "http://purl.org/echo": "",
    "uri/of/echo/namespace": "",
    "http://purl.org/pie": "",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns": "rdf",
    "http://purl.org/rss/1.0/modules/content": "content",
    "http://purl.org/dc/elements/1.0": "dc",
    "http://purl.org/dc/elements/1.1": "dc",
    "http://purl.org/dc/terms": "dcterms",
    "http://search.yahoo.com/mrss": "media",
    "http://www.rssboard.org/media-rss": "media",
    "http://www.itunes.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.itunes.com/dtds/podcast-1.0": "itunes",
    "http://example.com/dtds/podcast-1.0.dtd": "itunes",
    "http://www.google.com/schemas/play-podcasts/1.0": "googleplay",
    "http://purl.org/rss/1.0/modules/syndication": "sy",
    "http://purl.org/syndication/thread/1.0": "thr",
    "http://purl.org/rss/1.0/modules/slash": "slash",
    "http://wellformedweb.org/commentapi": "wfw",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner",
    "http://www.pheedo.com/namespace/pheedo": "pheedo",
    "http://www.w3.org/1999/xhtml": "xhtml",
    "http://purl.org/syndication/history/1.0": "fh",
    "http://www.sitemaps.org/schemas/sitemap/0.9": "",
    "http://www.google.com/schemas/sitemap/0.84": "",
    "http://www.google.com/schemas/sitemap-news/0.9": "news",
    "http://www.google.com/schemas/sitemap-image/1.1": "image",
}
_USERLAND = "http://backend.userland.com/rss"  # also "rss2", "RSS2.1" and whatever people made of it
# A feed that forgot to declare a prefix meant the usual one.
_USUAL = frozenset({*_PREFIXES.values(), "atom", "rss", "a10"} - {""})
_COMMON = frozenset({"atom", "rss", "a10"})


_USUAL_LENGTH = 100
"""Shorter names are kept over documents, since most documents have the same."""


class Names(dict[object, str]):
    """Element tag as lxml gives it -> name as our tables know it ("pubdate", "dc:creator").

    Fills itself; one for each document, so that hostile names do not pile up.
    """

    def __missing__(self, tag: object) -> str:
        if not isinstance(tag, str):  # lxml marks what is no element by a function
            name = ""
        else:
            name = _usual_name(tag) if len(tag) < _USUAL_LENGTH else _name(tag)
        self[tag] = name
        return name


@lru_cache(maxsize=2048)
def _usual_name(tag: str) -> str:
    return _name(tag)


def _name(tag: str) -> str:
    namespace, brace, local = tag.rpartition("}")
    if brace:
        uri = namespace[1:].lower().rstrip("/#")
        prefix = "" if uri.startswith(_USERLAND) else _PREFIXES.get(uri)
        return local.lower() if prefix == "" else f"{prefix or namespace[1:]}:{local.lower()}"
    before, colon, local = tag.rpartition(":")
    usual = colon and before.lower() in _USUAL
    return _undeclared(before.lower(), local.lower()) if usual else tag.lower()


def _undeclared(prefix: str, local: str) -> str:
    return local if prefix in _COMMON else f"{prefix}:{local}"


def local_name(tag: str) -> str:
    """Return an element's name in lower case without namespace or prefix."""
    return tag.rpartition("}")[2].rpartition(":")[2].lower()
