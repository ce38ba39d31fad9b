"""Sanitizer: an nh3 allow-list that all HTML passes before it is stored.

The policy version is stored beside the HTML, so that an archive can be cleaned again when the policy changes.
"""

import re
from collections.abc import Callable
from html import escape, unescape
from itertools import pairwise

import nh3
from turbohtml import PlainText

from unabridged.extraction.html.dom import parse_body
from unabridged.text.patterns import lazy_regex
from unabridged.text.word_tags import without_word_tags

POLICY_VERSION = 2
"""Raise it whenever the allow-list below changes; archives compare it with what they stored."""

MAX_DEPTH = 200
MAX_ATTRIBUTES = 100
"""nh3 takes 2 s of CPU for 20,000 nested elements and is quadratic in attributes too (measured on 0.3.8);
deeper or wider input is first flattened by our own linear writer."""

INLINE_TAGS = frozenset(
    "a abbr b bdi bdo br cite code del dfn em i img ins kbd mark q rb rp rt rtc ruby s samp small "
    "span strong sub sup time u var wbr".split()
)
BLOCK_TAGS = frozenset(
    "address article aside blockquote caption dd details div dl dt figcaption figure footer h1 h2 h3 "
    "h4 center h5 h6 header hgroup hr li main ol p pre section summary table tbody td tfoot th thead "
    "tr ul".split()
)
_SILENCED = frozenset(
    "script style noscript svg template iframe object embed applet canvas audio video select "
    "option optgroup datalist dialog textarea button title head frameset frame noembed noframes xmp "
    "plaintext".split()
)
_ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "title", "id"},
    "abbr": {"title"},
    "blockquote": {"id"},
    "code": {"class"},
    "dd": {"id"},
    "dt": {"id"},
    "h2": {"id"},
    "h3": {"id"},
    "h4": {"id"},
    "h5": {"id"},
    "h6": {"id"},
    "img": {"src", "alt", "title", "width", "height"},
    "li": {"id", "value"},
    "ol": {"start", "reversed"},
    "p": {"id"},
    "sup": {"id"},
    "td": {"colspan", "rowspan", "id"},
    "th": {"colspan", "rowspan", "scope", "id"},
    "time": {"datetime"},
}
MATH_TAGS = frozenset(
    "math mrow mi mo mn ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom merror msub msup msubsup "
    "munder mover munderover mmultiscripts mprescripts mtable mtr mtd".split()
)
"""MathML Core (https://www.w3.org/TR/mathml-core/) without what can hold HTML, links or actions: semantics,
annotation, annotation-xml, maction."""
MATH_ATTRIBUTES = {
    "math": {"display", "alttext"},
    "mfrac": {"linethickness"},
    "mi": {"mathvariant"},
    "mo": {"accent", "fence", "form", "largeop", "movablelimits", "separator", "stretchy", "symmetric"},
    "mover": {"accent"},
    "mstyle": {"displaystyle", "scriptlevel"},
    "mtable": {"displaystyle"},
    "mtd": {"columnspan", "rowspan"},
    "munder": {"accentunder"},
    "munderover": {"accent", "accentunder"},
}
_TRUTH = lazy_regex("true|false")
MATH_CHECKED = {
    **dict.fromkeys(("accent", "accentunder", "displaystyle", "fence", "largeop"), _TRUTH),
    **dict.fromkeys(("movablelimits", "separator", "stretchy", "symmetric"), _TRUTH),
    "alttext": lazy_regex("[^\n]{1,20000}"),
    "columnspan": lazy_regex(r"\d{1,3}"),
    "display": lazy_regex("block|inline"),
    "form": lazy_regex("prefix|infix|postfix"),
    "linethickness": lazy_regex(r"thin|medium|thick|\d(?:\.\d{1,3})?(?:px|em|ex|pt)?"),
    "mathvariant": lazy_regex("[a-z-]{1,25}"),
    "rowspan": lazy_regex(r"\d{1,3}"),
    "scriptlevel": lazy_regex(r"[+-]?\d"),
}
CODE_CLASS = lazy_regex(r"language-[a-z0-9][a-z0-9+#._-]{0,30}")
"""The only class that is kept: the language of a block of code."""
FOOTNOTE_ID = lazy_regex(r"fn-[0-9a-f]{8}")
"""The only ids that are kept: hashes, so that a publisher's id cannot clobber a name of ours."""

_NUMBER = lazy_regex(r"\d{1,5}")
_WORDS = lazy_regex(r"[\w:.+ -]{0,40}")
_WEB = lazy_regex(r"https?://[^\s\"<>`]+", re.IGNORECASE)
_CHECKED = {
    **MATH_CHECKED,
    "class": CODE_CLASS,
    "id": FOOTNOTE_ID,
    "width": _NUMBER,
    "height": _NUMBER,
    "colspan": _NUMBER,
    "rowspan": _NUMBER,
    "start": _NUMBER,
    "value": _NUMBER,
    "reversed": lazy_regex(""),
    "scope": lazy_regex("row|col|rowgroup|colgroup"),
    "dir": lazy_regex("ltr|rtl|auto", re.IGNORECASE),
    "lang": lazy_regex(r"[A-Za-z0-9-]{1,35}"),
    "datetime": _WORDS,
    "src": _WEB,
}
_WRITTEN = {**_CHECKED, "src": lazy_regex(r"https?://(?:[^\s\"<>`&]|&amp;)+", re.IGNORECASE)}
"""The same patterns for values as a cleaner writes them, with references for & and quotation marks."""

SURROGATES = lazy_regex("[\ud800-\udfff]")
_CONTROLS = lazy_regex(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff\U000e0000-\U000e007f]+"
)
_TITLE_CONTROLS = lazy_regex(
    "[\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\U000e0000-\U000e007f]+"
)
_C0 = lazy_regex("[\x00-\x1f]+")
_COMPACT = PlainText(bullet="", layout="extended")


def _attribute(tag: str, name: str, value: str) -> str | None:
    pattern = _CHECKED.get(name)
    if pattern is None or pattern.fullmatch(value):
        return value
    return None


def _fragment(url: str) -> str | None:
    return url if url[:1] == "#" and FOOTNOTE_ID.fullmatch(url, 1) else None


def _cleaner(attribute_filter: Callable[[str, str, str], str | None] | None) -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=set(INLINE_TAGS | BLOCK_TAGS | MATH_TAGS),
        clean_content_tags=set(_SILENCED),
        attributes={tag: set(names) for tag, names in (_ATTRIBUTES | MATH_ATTRIBUTES).items()},
        attribute_filter=attribute_filter,
        url_schemes={"http", "https", "mailto"},
        url_relative=_fragment,
        link_rel="noopener noreferrer nofollow ugc",
        tag_attribute_values={"img": {"referrerpolicy": {"no-referrer"}, "loading": {"lazy"}}},
    )


_CLEANER, _QUICK_CLEANER = _cleaner(_attribute), _cleaner(None)


def _is_checked(clean: str) -> bool:
    """Say whether every attribute value in the output of a cleaner is one that `_attribute` allows.

    A cleaner writes each attribute as `name="value"` after a space, with escaped quotation marks. Text that
    looks like an attribute is checked too, which does no harm.
    """
    parts = clean.split('="')
    for before, value in pairwise(parts):
        pattern = _WRITTEN.get(before[before.rfind(" ") + 1 :])
        if pattern is not None and pattern.fullmatch(value, 0, value.find('"')) is None:
            return False
    return True


_TAG = lazy_regex(r"<(/?)([a-zA-Z][a-zA-Z0-9-]*)")
_LONG_TAG = lazy_regex(rf"<[^>]{{{MAX_ATTRIBUTES},}}")
"""A tag at least as long as one with more than MAX_ATTRIBUTES attributes."""
_UNNESTED = frozenset(
    "p li td tr th dt dd option thead tbody tfoot br hr img input meta link source wbr col area base embed "
    "track param".split()
)


def is_too_nested(html: str) -> bool:
    """Say whether HTML nests deeper than MAX_DEPTH, or a tag has more than MAX_ATTRIBUTES attributes."""
    if not any(map(_has_many, _LONG_TAG.findall(html))):
        return html.count("<") - html.count("</") > MAX_DEPTH and _is_deep(html)
    depth, name_end = 0, len(html)
    for tag in _TAG.finditer(html):
        if _is_wide(html, name_end, tag.start()):
            return True
        name_end = tag.end()
        if tag[2].lower() in _UNNESTED:
            continue
        depth = max(0, depth - 1) if tag[1] else depth + 1
        if depth > MAX_DEPTH:
            return True
    return _is_wide(html, name_end, len(html))


def _is_deep(html: str) -> bool:
    """Say whether HTML without wide tags nests deeper than MAX_DEPTH."""
    depth = 0
    for closes, name in _TAG.findall(html):
        if name.lower() not in _UNNESTED:
            depth = max(0, depth - 1) if closes else depth + 1
            if depth > MAX_DEPTH:
                return True
    return False


def _is_wide(html: str, start: int, stop: int) -> bool:
    """Say whether the tag that ends somewhere in html[start:stop] has too many attributes."""
    if stop - start < 2 * MAX_ATTRIBUTES:
        return False
    end = html.find(">", start, stop)
    return _has_many(html[start : end if end >= 0 else stop])


def _has_many(attributes: str) -> bool:
    """Say whether the inside of a tag has more than MAX_ATTRIBUTES attributes."""
    return (
        attributes.count("=") > MAX_ATTRIBUTES or len(attributes.split(None, MAX_ATTRIBUTES)) > MAX_ATTRIBUTES
    )


def _flattened(html: str) -> str:
    """Return the readable text of too deeply nested HTML as paragraphs; the structure is lost."""
    root = parse_body(html)
    for element in root.select(",".join(sorted(_SILENCED))):
        element.extract()
    paragraphs = root.to_text(_COMPACT).split("\n\n")
    return "".join(f"<p>{escape(text.strip(), quote=False)}</p>" for text in paragraphs if text.strip())


def sanitise(html: str) -> str:
    """Return HTML in which nothing runs, loads a document or leaves its box; linear on hostile input.

    Idempotent. Relative links lose their URL: resolve them first (`clean_fragment` does).
    """
    text = html if html.isprintable() else SURROGATES.sub("\ufffd", html)
    if is_too_nested(text):
        text = SURROGATES.sub("\ufffd", _flattened(text))
    clean = _clean(text)
    # nh3 moves attributes when it removes one; a second pass finds them in their final order.
    return clean if clean == html else _clean(clean)


def _clean(html: str) -> str:
    """Clean with the quick cleaner first: filtering each attribute inside nh3 takes longer than everything
    else."""
    clean = _QUICK_CLEANER.clean(html)
    if not _is_checked(clean):
        clean = _CLEANER.clean(html)
    clean = _strict_formulas(clean) if "<m" in clean else clean
    # Printable text has no controls or surrogates; testing the whole text takes a tenth of the time.
    return clean if clean.isprintable() else _CONTROLS.sub("", clean)


_FORMULA = lazy_regex("<math[ >]")
_MATH_MARKUP = lazy_regex(rf"(?:[^<]++|</?(?:{'|'.join(sorted(MATH_TAGS - {'math'}))})(?: [^<>]*)?>)*+")


def _strict_formulas(clean: str) -> str:
    """Reduce to text every formula that holds anything but the allowed MathML.

    A cleaner's output is parsed again by a browser, and where MathML holds HTML the two trees may differ
    (https://research.securitum.com/mutation-xss-via-mathml-mutation-dompurify-2-0-17-bypass/). MathML that
    holds only MathML and text is read in one way.
    """
    parts: list[str] = []
    start = 0
    while (opening := _FORMULA.search(clean, start)) is not None:
        end = clean.find("</math>", opening.start())
        inside = clean.find(">", opening.start()) + 1
        if end < 0 or not inside or inside > end:
            return _FORMULA_TAG.sub("", clean)
        content = clean[inside:end]
        parts.append(clean[start : opening.start()])
        if _MATH_MARKUP.fullmatch(content):
            parts.append(clean[opening.start() : end + 7])
        else:
            parts.append(re.sub("<[^>]*>", "", content))
        start = end + 7
    return "".join([*parts, clean[start:]])


_FORMULA_TAG = lazy_regex(rf"</?(?:{'|'.join(sorted(MATH_TAGS))})(?: [^<>]*)?>")

_PAIRED = (
    "a|abbr|b|bdi|big|cite|code|del|em|font|i|ins|mark|p|q|s|small|span|strong|sub|sup|u|script|style|div"
)
_MARKUP = lazy_regex(
    rf"<(?:/(?:{_PAIRED})|(?:{_PAIRED})(?:\s[^<>]*)?|(?:br|img|wbr)\b[^<>]*)>", re.IGNORECASE
)
_REFERENCE = lazy_regex(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,30});", re.IGNORECASE)


def plain_text(value: str) -> str:
    """Return a title, name or caption as one line of text: no markup, no controls, no bidi overrides.

    Entities are decoded even if they were escaped twice. A tag that the text is about ("The <b> element")
    stays; paired markup is removed.
    """
    text = value
    for _ in range(2):
        if _REFERENCE.search(text) is None:
            break
        text = unescape(text)
    rest = without_word_tags(text).lower()
    if "</" in rest or "<br" in rest or "<img" in rest:
        text = _MARKUP.sub("", text)
    text = _TITLE_CONTROLS.sub("", SURROGATES.sub("\ufffd", text))
    return " ".join(_C0.sub(" ", text).split())
