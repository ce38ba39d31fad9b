"""Pictures of formulas, whose TeX is in their alternative text or their URL."""

import re
from collections.abc import Iterable
from urllib.parse import unquote_plus, urlsplit

from unabridged.extraction.html.dom import Element
from unabridged.extraction.html.formulas import plain_tex
from unabridged.text.patterns import lazy_regex

_SERVICES = lazy_regex(
    r"codecogs\.com/|/latex\.php|zhihu\.com/equation|math\.now\.sh|/(?:math|mime)tex\.cgi|upmath\.me/|"
    r"tex\.s2cms\.ru/|/render/math|/math/render/|chart\.(?:googleapis|apis\.google)\.com/chart\?|mathurl\.com/|"
    r"quicklatex\.com|/cgi-bin/(?:latex|tex)|texrender|latex2png|/equation_images/|wikimedia\.org/math/|"
    r"/images/math/",
    re.IGNORECASE,
)
_CLASSES = frozenset(
    "latex tex texrender equation_image ql-img-inline-formula ql-img-displayed-equation latex-img mathtex "
    "mwe-math-fallback-image-inline mwe-math-fallback-image-display math-image katex-img ztext-math".split()
)
_VAGUE_CLASSES = frozenset(
    "math formula equation eq inline-formula display-formula mathimg inlineequation".split()
)
_TEX_SIGN = lazy_regex(r"[\\^_]|[a-zA-Z0-9]\s*[=<>+]")
_LATIN = lazy_regex(r"[\\^_{}=+*/a-zA-Z0-9-]")
_NO_TEX = lazy_regex(
    r"(?:latex|tex|math|an? )?\s*(?:equation|formula|image|img|picture|svg|png|eq\.?|math|tex|latex)?\s*"
    r"\(?\d*\)?",
    re.IGNORECASE,
)
_QUERY = lazy_regex(r"[?&](?:tex|latex|math|chl|from|formula|eq|f)=([^&#]+)", re.IGNORECASE)
_PATH = lazy_regex(r"(?:upmath\.me|tex\.s2cms\.ru)/(?:svg|png)/(.+)", re.IGNORECASE)
_COMMANDS = lazy_regex(
    r"(?:\s*(?:\\(?:inline|fn_\w+|bg_\w+|large|small|huge|tiny|LARGE|Large)(?![a-zA-Z])|\\dpi\s*\{\d+\}|"
    r"\\bg\{\w+\}|\\color\{\w+\}))+\s*"
)
_SOURCES = ("src", "data-src", "data-original", "data-lazy-src", "data-orig-src")
_TEX_SOURCES = ("data-tex", "data-latex", "data-equation-content", "data-formula")


_SIGNS = ("latex", "/tex", "tex.", "texrender", "math", "equation", "codecogs", "chart?")
"""Strings of which every address that `_SERVICES` finds has one."""


def draws_formulas(images: Iterable[Element]) -> bool:
    """Say whether one of the pictures may come from a service that draws formulas. A quick test."""
    urls: list[str] = []
    for image in images:
        address = image.attr("src")
        if not address or address[:5] == "data:":
            address = _source_of(image)
        urls.append(address[:300])
        if image.attr("eeimg") is not None or image.attr("data-eeimg") is not None:
            return True
    joined = "\n".join(urls).lower()
    return any(sign in joined for sign in _SIGNS)


def _source_of(image: Element) -> str:
    """Return the address of a picture, "" for none."""
    return next((url for name in _SOURCES if (url := image.attr(name)) and url[:5] != "data:"), "")


def picture_tex(image: Element) -> str:
    """Return the TeX of a picture of a formula, "" for any other picture."""
    names = set((image.attr("class") or "").split())
    source = _source_of(image)
    known = (
        not _CLASSES.isdisjoint(names)
        or image.attr("eeimg") is not None
        or image.attr("data-eeimg") is not None
        or _SERVICES.search(source[:300]) is not None
    )
    alt = (image.attr("alt") or "").strip()
    if not known:
        vague = not _VAGUE_CLASSES.isdisjoint(names) and "\\" in alt
        return plain_tex(alt) if vague else ""
    for value in (*(image.attr(name) or "" for name in _TEX_SOURCES), alt, image.attr("title") or ""):
        if _LATIN.search(value) and not _NO_TEX.fullmatch(value.strip()) and (tex := _cleaned(value)):
            return tex
    return _cleaned(_in_url(source)) or (alt if len(alt) == 1 else "")


def _cleaned(value: str) -> str:
    tex = plain_tex(value.replace("&space;", " "))
    found = _COMMANDS.match(tex)
    tex = tex[found.end() :] if found else tex
    return tex.removesuffix("\\\\").strip()


def _in_url(url: str) -> str:
    """Return the TeX that a picture's URL asks a service to draw, "" for none."""
    if len(url) > 8_000 or not _SERVICES.search(url[:300]):
        return ""
    if "chart." in url and "cht=tx" not in url:
        return ""
    found = _QUERY.search(url) or _PATH.search(url)
    if found:
        return unquote_plus(found[1])
    try:
        query = urlsplit(url).query
    except ValueError:
        return ""
    return unquote_plus(query.replace("+", "%2B")) if "codecogs" in url or "tex.cgi" in url else ""
