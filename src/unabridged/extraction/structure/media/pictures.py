"""Pictures that are no img elements, and small pictures inside a sentence, in one form each.

Custom elements, background pictures and escaped noscript copies become img elements. Emoji become their
character; other small pictures between words become ICON elements, which do not end the paragraph.
"""

import re
from collections.abc import Iterable, Iterator

from unabridged.extraction.html.dom import Element, Node, Text, parse_body
from unabridged.extraction.html.media import ICON, is_invisible, size_of
from unabridged.extraction.structure.media.embed_wrappers import near
from unabridged.text.patterns import lazy_regex

TALLEST = 48
WIDEST = 160
"""CSS pixels of the largest picture that is a part of a sentence."""
LINE_HEIGHT = 20
"""CSS pixels that a picture without a size gets that its class calls a part of the line."""
LONGEST_NAME = 30

IMAGE_SELECTOR = (
    "[src]:not(img,script,iframe,source,video,audio,embed,input,track,frame,amp-img),"
    "[srcset]:not(img,source,amp-img),[data-src*='.']:not(img,iframe,source,script,video,div,amp-img),"
    "[role=img][style*='url('],figure [style*='background-image']"
)
_CUSTOM_NAME = lazy_regex(r"(?:^|-)(?:img|image|picture|photo)(?:$|-)")
_BACKGROUND = lazy_regex(
    r"background(?:-image)?\s*:[^;]{0,200}?url\(\s*['\"]?([^'\")\s]{1,2000})", re.IGNORECASE
)
_EMOJI = lazy_regex(
    r"(?:^|[\s_-])(?:emoji\w*|wp-smiley|twemoji|emoticon|smiley|Emoji)(?:$|[\s_-])", re.IGNORECASE
)
_EMOJI_FILE = lazy_regex(
    r"s\.w\.org/images/core/emoji|twemoji|/emojis?/|emoji\.|/smil(?:ie|ey)s?/", re.IGNORECASE
)
_CODES = lazy_regex(
    r"/(?:u|emoji_u)?([0-9a-f]{2,6}(?:[-_][0-9a-f]{2,6}){0,9})\.(?:png|svg|gif|webp)(?:$|\?)", re.IGNORECASE
)
_PART_OF_LINE = lazy_regex(
    r"(?:^|[\s_-])(?:inline|icon|flag\w*|glyph|gaiji|character|symbol|mwe-math\S*|tex|mana|ico)(?:$|[\s_-])",
    re.IGNORECASE,
)
_DECORATION = lazy_regex(
    r"(?:external|arrow|chevron|caret|download|print|zoom|magnif|close|share|expand|sprite|spacer|bullet|avatar|"
    r"gravatar|logo|facebook|twitter|whatsapp|comment|clock|calendar|camera|play|lazy|blank|pixel)",
    re.IGNORECASE,
)
_PREVIEW = lazy_regex(
    r"(?:^|[\s_-])(?:blur(?:red)?|preview|placeholder|lqip|low-?res)(?:$|[\s_-])|[?&,/_]e?_?blur[=:_,/]|[?&]w=\d\d?(?!\d)",
    re.IGNORECASE,
)
_PREVIEW_SIGNS = ("blur", "preview", "placeholder", "lqip", "low", "?w=", "&w=")
"""Strings of which everything that `_PREVIEW` finds has one: quicker to look for."""
_EM = lazy_regex(r"(?:^|;)\s*(?:max-)?(?:height|width)\s*:\s*(\d{0,2}(?:\.\d{1,4})?)r?em", re.IGNORECASE)
_INLINE = frozenset(
    "a abbr b bdi cite code em font i mark q s small span strong sub sup u time label ruby picture".split()
)


def rewrite_images(images: Iterable[Element]) -> None:
    """Remove previews; make emoji and small pictures a part of their sentence."""
    inline_pictures(image for image in images if not _is_preview(image))


def still_of_video(image: Element) -> bool:
    """Say whether a picture is the still of a video of YouTube."""
    source = image.attr("src") or image.attr("data-src") or ""
    return "/vi/" in source and ("ytimg.com/vi/" in source or "img.youtube.com/vi/" in source)


def is_alone(image: Element) -> bool:
    """Say whether a picture stands alone in its block, as most do. A quick test before the slow ones."""
    node: Element = image
    for _ in range(4):
        before, after = node.previous_sibling, node.next_sibling
        if type(before) is Text and before.data.isspace():
            before = before.previous_sibling
        if type(after) is Text and after.data.isspace():
            after = after.next_sibling
        for beside in (before, after):
            if type(beside) is Element or (type(beside) is Text and not beside.data.isspace()):
                return False
        parent = node.parent
        if type(parent) is not Element or parent.tag not in _INLINE:
            return True
        node = parent
    return False


def _is_preview(image: Element) -> bool:
    """Remove the blurred preview of the picture behind it; say whether it was one."""
    if image.next_sibling is None:
        return False
    told = f"{image.attr('class') or ''} {(image.attr('src') or '')[:500]}".lower()
    if not any(sign in told for sign in _PREVIEW_SIGNS) or _PREVIEW.search(told) is None:
        return False
    following = next((node for node in image.next_siblings if isinstance(node, Element)), None)
    if following is None or next(following.iter_elements("img", include_self=True), None) is None:
        return False
    image.extract()
    return True


def rewrite_background(element: Element) -> None:
    """Make a custom element or a box with a background picture an image."""
    tag = element.tag
    if "-" in tag and _CUSTOM_NAME.search(tag):
        if next(element.iter_elements("img"), None) is None:
            element.tag = "img"
        return
    style = (element.attr("style") or "")[:4000]
    found = _BACKGROUND.search(style)
    if (
        found is None
        or " ".join(element.text.split())
        or next(element.iter_elements(("img", "iframe")), None)
    ):
        return
    figure = near(element, "figure")
    if figure is not None and next(figure.iter_elements(("img", "iframe", "video")), None) is not None:
        return
    made = Element("img", {"src": found[1], "alt": element.attr("aria-label") or element.attr("title") or ""})
    element.replace_with(made)


def rewrite_noscript(noscript: Element) -> None:
    """Parse the content of a noscript that was escaped once more."""
    text = noscript.text
    if "<img" in text[:20_000] and next(noscript.iter_elements(), None) is None:
        noscript.clear()
        for child in list(parse_body(text[:20_000])):
            noscript.append(child)


def inline_pictures(images: Iterable[Element]) -> None:
    """Make emoji characters, and other small pictures between words ICON elements."""
    for image in images:
        name = image.attr("class") or ""
        source = image.attr("src") or image.attr("data-src") or ""
        sign = _sign(image, name, source)
        if sign:
            image.replace_with(Text(sign))
        elif _is_part_of_line(image, name, source) and _is_beside_words(image):
            if size_of(image) == (None, None):
                image.attrs["height"] = str(LINE_HEIGHT)
            image.tag = ICON


def _sign(image: Element, name: str, source: str) -> str:
    """Return the characters that a picture shows, "" if it shows none."""
    alt = (image.attr("alt") or "").strip()
    if 0 < len(alt) <= 8 and all(ord(c) > 0x2000 and not c.isalnum() for c in alt):
        return alt
    told = f"{name[:300]} {source[:500]}".lower()
    if not ("emoji" in told or "smil" in told or "emoticon" in told):
        return ""
    if not (_EMOJI.search(name[:300]) or _EMOJI_FILE.search(source[:500])):
        return ""
    if not alt and (codes := _CODES.search(source[-200:])):
        try:
            return "".join(chr(int(code, 16)) for code in re.split("[-_]", codes[1]))
        except ValueError:
            return ""
    return alt if len(alt) <= LONGEST_NAME and _is_beside_words(image) else ""


def _is_part_of_line(image: Element, name: str, source: str) -> bool:
    width, height = size_of(image)
    small = (
        (height is not None or width is not None)
        and (height or 0) <= TALLEST
        and (width or 0) <= (WIDEST if height is not None else TALLEST)
    )
    em = _EM.search((image.attr("style") or "")[:1000])
    if not small and (width or height):
        return False
    told = (
        small or (em is not None and float(em[1] or 0) <= 3) or _PART_OF_LINE.search(name[:300]) is not None
    )
    if not told or image.attr("aria-hidden") == "true" or image.attr("role") in ("presentation", "none"):
        return False
    if _DECORATION.search(f"{name[:300]} {source.rpartition('/')[2][:200]}") or is_invisible(image):
        return False
    return image.attr("data-src") is None or not small


def _is_beside_words(image: Element) -> bool:
    """Say whether words stand before or behind a picture in its line."""
    return any(_has_words(_neighbours(image, forwards=forwards)) for forwards in (False, True))


def _neighbours(image: Element, *, forwards: bool) -> Iterator[Node]:
    """Yield the nodes on one side of a picture, out of the inline elements around it."""
    node: Element = image
    for _ in range(5):
        yield from node.next_siblings if forwards else node.previous_siblings
        parent = node.parent
        if not isinstance(parent, Element) or parent.tag not in _INLINE:
            return
        node = parent


def _has_words(nodes: Iterator[Node]) -> bool:
    for looked, node in enumerate(nodes):
        if looked > 20:
            return False
        if isinstance(node, Text):
            if not node.data.isspace():
                return True
        elif isinstance(node, Element):
            if node.tag in _INLINE:
                if node.text.strip():
                    return True
            elif node.tag not in ("img", ICON, "wbr"):
                return False
    return False
