"""Rich text that is stored as JSON, written as HTML: ProseMirror, Slate, Lexical, Portable Text, Contentful,
Draft.js, lists of typed blocks.

The HTML is parsed and cleaned like a page's own. Untrusted: depth and number of nodes are bounded.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from html import escape

from unabridged.text.patterns import lazy_regex

MAX_DEPTH = 40
MAX_NODES = 200_000
"""Maximum values that one writer looks at."""

_TYPE_KEYS = tuple(
    (
        "type nodeType _type __typename tag kind blockType blockName component name elementType tagName "
        "contentType blok style discriminator acf_fc_layout"
    ).split()
)
_CHILD_KEYS = tuple(
    (
        "children content blocks nodes items elements paragraphs body value document root json model "
        "data fields props attributes attrs rich_text richText text innerBlocks originalContent primary "
        "node"
    ).split()
)
_HTML_KEYS = ("html", "innerHTML", "rendered", "__html", "originalContent", "contentHtml", "bodyHtml")
_TEXT_KEYS = tuple("text value content plain_text literal body markdown copy paragraph data".split())
_WRITTEN_KEYS = (*_HTML_KEYS, *_TEXT_KEYS)
_URL_KEYS = ("url", "href", "uri", "src", "link", "contentUrl", "embedUrl", "permalink", "providerUrl")
_ADDRESS_HOLDERS = tuple(
    "attrs data fields image file asset target attributes source props link media model originalImage "
    "primary url external photo".split()
)
_ALT_KEYS = ("alt", "altText", "alternativeText", "alt_text", "title")
_CAPTION_KEYS = ("caption", "captionText", "description", "subtitle")
_MARKS = {
    **dict.fromkeys(("bold", "strong", "b"), "strong"),
    **dict.fromkeys(("italic", "em", "emphasis", "i"), "em"),
    **dict.fromkeys(("code", "inlinecode"), "code"),
    **dict.fromkeys(("strikethrough", "strike", "s", "deleted"), "s"),
    **dict.fromkeys(("subscript", "sub"), "sub"),
    **dict.fromkeys(("superscript", "sup"), "sup"),
}
_LEXICAL_BITS = ((1, "strong"), (2, "em"), (4, "s"), (16, "code"), (32, "sub"), (64, "sup"))
_KINDS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (lazy_regex(pattern), kind)
    for pattern, kind in (
        (
            r"^(?:ads?|advert.*|dfp.*|.*(?:related|teaser|promo(?!te)|newsletter|recirc|readmore|alsoread|outbrain|"
            r"taboola|subscri|paywall|donat|signup|interstitiallink|sharetool|commentlist).*)$",
            "skip",
        ),
        (r"^(?:linebreak|hardbreak|br|softbreak)$", "br"),
        (r"^(?:hr|divider|delimiter|thematicbreak|horizontalrule|separator|break)$", "hr"),
        (r"^(?:link|hyperlink|a|autolink|anchor|entryhyperlink|assethyperlink|urllink)$", "a"),
        (r"^(?:.*(?:orderedlistitem|olistitem)|oli)$", "li"),
        (r"^(?:.*list_?item|li|uli|lic|bulletlistitem|listitemchild)$", "li"),
        (r"^(?:ol|numberedlist|listordered|orderedlist|ol_list|numberlist)$", "ol"),
        (
            r"^(?:ul|list|.*(?:bullet|unordered)edlist|bulletlist|bulletedlist|unorderedlist|listbulleted)$",
            "ul",
        ),
        (r"^(?:table)$", "table"),
        (r"^(?:tr|tablerow)$", "tr"),
        (r"^(?:th|tableheadercell|tableheader)$", "th"),
        (r"^(?:td|tablecell)$", "td"),
        (r"^(?:code|codeblock|codefence|pre|preformatted|fencedcode|syntaxhighlighter)$", "pre"),
        (r"^(?:.*(?:quote|quotation)|quoteblock|bq|pq)$", "blockquote"),
        (
            r"^(?:h[1-6]|.*(?:heading|subhead|crosshead).*|header(?:one|two|three|four|five|six)?|headline|title|"
            r"subtitle|intertitle)$",
            "h",
        ),
        (r"^(?:.*(?:image|picture|photo|figure)(?:block|element)?|img|embeddedassetblock)$", "img"),
        (
            r"^(?:.*(?:embed|video|youtube|vimeo|tweet|twitter|instagram|tiktok|facebook|iframe|audio|podcast|"
            r"spotify|soundcloud|bluesky|mastodon).*)$",
            "embed",
        ),
        (r"^(?:div|section|article|group|columns?|row|doc|document|root|container|wrapper|layout.*)$", "div"),
        (
            r"^(?:p|para|paragraphs?|text|textblock|body|bodytext|richtext.*|html|rawhtml|content|block|normal|"
            r"unstyled|markdown|wysiwyg|freeform|classic|intro|lead|standfirst|summary|copy|prose|"
            r".*paragraph.*|.*text(?:block|element|component|section|slice)?|span|fragment|leaf)$",
            "p",
        ),
    )
)
_INLINE_LEAF = frozenset("text span fragment leaf".split())
_MARKUP = lazy_regex(
    r"</?(?:p|a|em|strong|b|i|u|br|span|h[1-6]|ul|ol|li|div|figure|blockquote|code|su[bp]|mark|img)\b[^>]*>|"
    r"&(?:amp|nbsp|quot|[rl][sd]quo|[mn]dash|hellip|#\d{2,5}|#x[0-9a-f]{2,5}|lt|gt);",
    re.IGNORECASE,
)
_LETTERS = lazy_regex("[^a-z0-9]")
_STYLE = lazy_regex("h[1-6]|blockquote")

Follow = Callable[[object], object]
"""Return what a reference stands for, any other value as it is."""


def kind_of(node: Mapping[str, object]) -> str:
    """Return what a typed node is ("p", "h", "li", "img", "skip" …), "" if its type says nothing."""
    return _kind_and_name(node)[0]


def _kind_and_name(node: Mapping[str, object]) -> tuple[str, str]:
    for key in filter(node.__contains__, _TYPE_KEYS):
        value = node[key]
        if isinstance(value, str) and 0 < len(value) <= 60 and (found := _kind_of_type(value))[0]:
            return found
    return "", ""


@lru_cache(maxsize=4096)
def _kind_of_type(value: str) -> tuple[str, str]:
    """Return what a type's name says that a node is, and the form of the name that says so."""
    name = _LETTERS.sub("", value.casefold().removeprefix("core/").removeprefix("acf/"))
    for form in (name, name.removesuffix("block"), name.removesuffix("element")):
        for pattern, kind in _KINDS:
            if pattern.match(form):
                return kind, form
    return "", ""


class RichText:
    """Writer of JSON documents. `left`: nodes that may still be looked at, over all documents."""

    def __init__(self, follow: Follow = lambda value: value) -> None:
        self.left = MAX_NODES
        self._follow = follow

    def blocks(self, nodes: list[object], owner: Mapping[str, object]) -> str:
        """Return a list of blocks as HTML. owner: the object that holds the list (Draft.js: its entities)."""
        return self._blocks(nodes, owner, 0)

    def _blocks(self, nodes: list[object], owner: Mapping[str, object], depth: int) -> str:
        if depth > MAX_DEPTH:
            return ""
        written: list[str] = []
        listed = ""
        for node in nodes:
            self.left -= 1
            if self.left < 0:
                break
            node = self._follow(node)
            item = self._block(node, owner, depth + 1)
            name = _list_name(node) if item.startswith("<li>") else ""
            if name != listed:
                written += [f"</{listed}>"] * bool(listed) + [f"<{name}>"] * bool(name)
                listed = name
            written.append(item)
        return "".join([*written, f"</{listed}>"] if listed else written)

    def _block(self, node: object, owner: Mapping[str, object], depth: int) -> str:
        if isinstance(node, str):
            return paragraphs(node)
        if isinstance(node, list):
            return self._blocks(node, owner, depth)
        if not isinstance(node, dict):
            return ""
        kind, name = _kind_and_name(node)
        style = node.get("style")
        if node.get("listItem"):
            kind = "li"
        elif kind == "p" and isinstance(style, str) and _STYLE.fullmatch(style):
            kind, name = ("blockquote", style) if style == "blockquote" else ("h", style)
        if kind in _WRITERS:
            return _WRITERS[kind](self, node, owner, depth)
        if kind in ("ul", "ol", "table", "tr", "blockquote", "div", "td", "th"):
            return self._container(node, kind, owner, depth)
        if kind == "h":
            return self._wrapped(node, _level(node, name), owner, depth)
        if kind == "li":
            return self._wrapped(node, "li", owner, depth)
        if kind == "a":
            return f"<p>{self._inline(node, owner, depth)}</p>"
        return self._wrapped(node, "p", owner, depth)

    def _container(self, node: dict[str, object], kind: str, owner: Mapping[str, object], depth: int) -> str:
        style = f"{node.get('listType') or ''}{node.get('format') or ''}{node.get('style') or ''}".casefold()
        if kind == "ul" and (
            style.startswith(("number", "order")) or node.get("ordered") is True or node.get("tag") == "ol"
        ):
            kind = "ol"
        inner = self._children(node, owner, depth)
        if not inner:
            inner = self._inline_children(node, owner, depth)
        if kind in ("ul", "ol") and inner[:4] in ("<ul>", "<ol>") and inner.endswith(("</ul>", "</ol>")):
            inner = inner[4:-5]
        if kind in ("ul", "ol") and "<li>" not in inner:
            items = next((v for k in _CHILD_KEYS if isinstance(v := node.get(k), list)), [])
            inner = "".join(f"<li>{self._inline(item, owner, depth + 1)}</li>" for item in items[:1000])
        return f"<{kind}>{inner}</{kind}>" if inner else ""

    def _children(self, node: Mapping[str, object], owner: Mapping[str, object], depth: int) -> str:
        """Return the blocks in the first of a node's fields that holds any."""
        if depth > MAX_DEPTH:
            return ""
        for key in filter(node.__contains__, _CHILD_KEYS):
            value = self._follow(node[key])
            if isinstance(value, list) and value:
                html = self._blocks(value, node if "entityMap" in node else owner, depth + 1)
            elif isinstance(value, dict):
                html = self._children(value, owner, depth + 1) or self._own_text(value)
            else:
                continue
            if html:
                return html
        return self._own_text(node)

    def _own_text(self, node: Mapping[str, object]) -> str:
        for key in filter(node.__contains__, _WRITTEN_KEYS):
            value = self._follow(node[key])
            if isinstance(value, str) and value.strip():
                return value if key in _HTML_KEYS or _MARKUP.search(value) else paragraphs(value)
        return ""

    def _wrapped(self, node: dict[str, object], tag: str, owner: Mapping[str, object], depth: int) -> str:
        """Return a paragraph, heading or item. Fields with markup of their own are written as they are."""
        inner = self._inline_children(node, owner, depth)
        if not inner.strip():
            return ""
        blocks = re.match(r"\s*<(?:p|h[1-6]|ul|ol|div|blockquote|figure|table|pre)\b", inner, re.IGNORECASE)
        return inner if blocks and tag != "li" else f"<{tag}>{inner}</{tag}>"

    def _inline_children(self, node: Mapping[str, object], owner: Mapping[str, object], depth: int) -> str:
        """Return the inline content of a block."""
        if depth > MAX_DEPTH:
            return ""
        ranged = _ranged(node, owner)
        if ranged is not None:
            return ranged
        own = node.get(str(node.get("type")))  # Notion: the content stands in the field of the type's name
        if isinstance(own, dict):
            return self._inline_children(own, owner, depth + 1)
        for key in filter(node.__contains__, _HTML_KEYS):
            value = self._follow(node[key])
            if isinstance(value, str) and value.strip():
                return value
        for key in filter(node.__contains__, _CHILD_KEYS):
            value = self._follow(node[key])
            if isinstance(value, list) and value:
                around = {**owner, **_links_of(node)}
                inline = "".join([self._inline(child, around, depth + 1) for child in value])
                if inline.strip():
                    return inline
            elif isinstance(value, dict):
                inline = self._inline_children(value, owner, depth + 1)
                if inline.strip():
                    return inline
            elif isinstance(value, str) and value.strip() and key in _TEXT_KEYS:
                return value if _MARKUP.search(value) else escape(value)
        return self._own_text(node)

    def _inline(self, node: object, owner: Mapping[str, object], depth: int) -> str:
        self.left -= 1
        node = self._follow(node)
        if isinstance(node, str):
            return escape(node)
        if not isinstance(node, dict) or depth > MAX_DEPTH or self.left < 0:
            return ""
        kind, name = _kind_and_name(node)
        if kind == "br":
            return "<br>"
        if kind in ("skip", "img", "embed"):
            return _WRITERS[kind](self, node, owner, depth) if kind == "img" else ""
        leaf = next(
            (
                v
                for k in ("text", "plain_text", "value", "literal", "content")
                if isinstance(v := node.get(k), str)
            ),
            None,
        )
        if leaf is not None and kind != "a" and not isinstance(node.get("children"), list):
            return _marked(escape(leaf), node, owner)
        inner = self._inline_children(node, owner, depth + 1)
        if kind == "a":
            address = _address(node)
            return f'<a href="{escape(address)}">{inner}</a>' if address and inner else inner
        if kind in ("ul", "ol"):
            return self._container(node, kind, owner, depth + 1)
        if kind in ("p", "") and name not in _INLINE_LEAF and inner and depth > 1:
            return inner + " "
        return inner

    def _image(self, node: dict[str, object], owner: Mapping[str, object], depth: int) -> str:
        url = _address(node)
        if not url:
            return ""
        alt, caption = _field(node, _ALT_KEYS), _field(node, _CAPTION_KEYS)
        below = ""
        if caption:
            below = f"<figcaption>{caption if _MARKUP.search(caption) else escape(caption)}</figcaption>"
        return f'<figure><img src="{escape(url)}" alt="{escape(alt)}">{below}</figure>'

    def _embedded(self, node: dict[str, object], owner: Mapping[str, object], depth: int) -> str:
        html = next((v for k in (*_HTML_KEYS, "code", "embed") if isinstance(v := node.get(k), str)), "")
        if "<" in html:
            return html
        url = _address(node)
        if not url.startswith(("http:", "https:", "//")):
            return self._children(node, owner, depth)
        return f'<figure class="wp-block-embed"><div>{escape(url)}</div></figure>'

    def _code(self, node: dict[str, object], owner: Mapping[str, object], depth: int) -> str:
        text = _field(node, ("code", "text", "value", "content")) or _plain(node, 0)
        return f"<pre><code>{escape(text)}</code></pre>" if text.strip() else ""


_Writer = Callable[[RichText, dict[str, object], Mapping[str, object], int], str]
_WRITERS: dict[str, _Writer] = {
    "skip": lambda writer, node, owner, depth: "",
    "hr": lambda writer, node, owner, depth: "<hr>",
    "br": lambda writer, node, owner, depth: "",
    "img": RichText._image,
    "embed": RichText._embedded,
    "pre": RichText._code,
}


def paragraphs(text: str) -> str:
    """Return plain text as paragraphs, one a line."""
    return "".join(f"<p>{escape(line.strip())}</p>" for line in text.split("\n") if line.strip())


def _plain(node: object, depth: int) -> str:
    if isinstance(node, str):
        return node
    if isinstance(node, list):
        return "".join(_plain(child, depth + 1) for child in node[:5000])
    if isinstance(node, dict) and depth < MAX_DEPTH:
        if isinstance(node.get("text"), str):
            return str(node["text"])
        ends = (
            "\n" if str(node.get("type") or "").casefold() in ("code-line", "codeline", "linebreak") else ""
        )
        return next((_plain(node[k], depth + 1) for k in ("children", "content") if node.get(k)), "") + ends
    return ""


def _list_name(node: object) -> str:
    kinds = ""
    if isinstance(node, dict):
        kinds = (
            f"{node.get('listItem') or ''} {node.get('type') or ''} {node.get('listType') or ''}".casefold()
        )
    numbered = "number" in kinds or re.search(r"(?<!un)ordered|\bo-list|\boli\b", kinds)
    return "ol" if numbered else "ul"


_WORDS_FOR_LEVELS = {"one": 2, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def _level(node: Mapping[str, object], name: str) -> str:
    """Return the heading element for a heading node: its own level, h2 if it has none."""
    data = [node, *(v for k in ("attrs", "data", "attributes") if isinstance(v := node.get(k), dict))]
    for holder in data:
        for key in ("level", "depth", "size", "tag", "style", "headingLevel", "variant"):
            found = re.search("[1-6]", str(holder.get(key) or "")[:12])
            if found:
                return f"h{max(2, int(found[0]))}"
    found = re.search("[1-6]$", name)
    if found:
        return f"h{max(2, int(found[0]))}"
    return next((f"h{level}" for word, level in _WORDS_FOR_LEVELS.items() if name.endswith(word)), "h2")


def _marked(text: str, node: Mapping[str, object], owner: Mapping[str, object]) -> str:
    """Return a leaf's text inside the elements of its marks."""
    if not text.strip():
        return text
    tags: list[str] = []
    address = ""
    marks = node.get("marks")
    for mark in marks if isinstance(marks, list) else ():
        if isinstance(mark, str):
            defined = owner.get(f"#{mark}")
            address = defined if isinstance(defined, str) else address
            tags.append(_MARKS.get(mark, ""))
        elif isinstance(mark, dict):
            name = str(mark.get("type") or "").casefold()
            address = _address(mark) if name == "link" else address
            tags.append(_MARKS.get(name, ""))
    tags += [tag for key, tag in _MARKS.items() if node.get(key) is True]
    notes = node.get("annotations")
    if isinstance(notes, dict):
        tags += [tag for key, tag in _MARKS.items() if notes.get(key) is True]
    bits = node.get("format")
    if isinstance(bits, int) and not isinstance(bits, bool):
        tags += [tag for bit, tag in _LEXICAL_BITS if bits & bit]
    for tag in dict.fromkeys(tag for tag in tags if tag):
        text = f"<{tag}>{text}</{tag}>"
    if not address and isinstance(node.get("href"), str):
        address = str(node["href"])
    return f'<a href="{escape(address)}">{text}</a>' if address else text


def _links_of(node: Mapping[str, object]) -> dict[str, object]:
    """Return the links that a Portable Text block defines for its marks, by key."""
    found = node.get("markDefs")
    if not isinstance(found, list):
        return {}
    return {f"#{d.get('_key')}": _address(d) for d in found[:500] if isinstance(d, dict)}


def _address(node: Mapping[str, object], depth: int = 0) -> str:
    """Return the URL of a link, picture or embed, "" if the node has none."""
    for key in _URL_KEYS:
        value = node.get(key)
        if isinstance(value, str) and value:
            return value
    if depth < 4:
        for key in _ADDRESS_HOLDERS:
            value = node.get(key)
            if isinstance(value, dict) and (found := _address(value, depth + 1)):
                return found
    return ""


def _field(node: Mapping[str, object], keys: tuple[str, ...]) -> str:
    holders = [
        node,
        *(
            v
            for k in ("attrs", "data", "attributes", "image", "fields", "props")
            if isinstance(v := node.get(k), dict)
        ),
    ]
    for holder in holders:
        for key in keys:
            value = holder.get(key)
            if isinstance(value, str) and value.strip():
                return value
    return ""


def _ranged(node: Mapping[str, object], owner: Mapping[str, object]) -> str | None:
    """Return text whose marks are ranges of characters (Draft.js, Prismic, Medium); None for other nodes."""
    text = node.get("text")
    if not isinstance(text, str):
        return None
    ranges = list(_ranges(node, owner))
    if not ranges and not any(key in node for key in ("inlineStyleRanges", "spans", "markups")):
        return None
    units = text.encode("utf-16-le", "surrogatepass")
    opens: dict[int, list[str]] = {}
    closes: dict[int, list[str]] = {}
    for start, end, head, tail in ranges[:500]:
        opens.setdefault(start, []).append(head)
        closes.setdefault(end, []).insert(0, tail)
    cuts = sorted({0, len(units) // 2, *(at for at in (*opens, *closes) if 0 <= at <= len(units) // 2)})
    parts: list[str] = []
    for place, at in enumerate(cuts):
        parts += [*closes.get(at, ()), *opens.get(at, ())]
        stop = cuts[place + 1] if place + 1 < len(cuts) else at
        parts.append(escape(units[2 * at : 2 * stop].decode("utf-16-le", "replace")))
    return "".join(parts).replace("\n", "<br>")


def _ranges(node: Mapping[str, object], owner: Mapping[str, object]) -> Iterator[tuple[int, int, str, str]]:
    """Yield start, end, start tag and end tag of each range, in UTF-16 units."""
    entities = owner.get("entityMap")
    for key in ("inlineStyleRanges", "entityRanges", "spans", "markups"):
        found = node.get(key)
        for item in found if isinstance(found, list) else ():
            if not isinstance(item, dict):
                continue
            start, end = item.get("start", item.get("offset")), item.get("end")
            length = item.get("length")
            if isinstance(start, int) and end is None and isinstance(length, int):
                end = start + length
            if not (isinstance(start, int) and isinstance(end, int) and 0 <= start < end):
                continue
            if key == "entityRanges":
                entity = entities.get(str(item.get("key"))) if isinstance(entities, dict) else None
                item = entity if isinstance(entity, dict) else {}
            name = str(item.get("style") or item.get("type") or "").casefold()
            tag, address = _MARKS.get(name, ""), _address(item)
            if tag:
                yield start, end, f"<{tag}>", f"</{tag}>"
            elif address and name in ("a", "link", "hyperlink"):
                yield start, end, f'<a href="{escape(address)}">', "</a>"
