"""Remove short non-article lines (labels, toolbars, breadcrumbs, by-lines), recognised by their wording.

Examples: "Article content", "Print Share A+ A-", "Home > News > 2005", an author's name with a date, a label
with nothing after it. A rule here drops a short line, never a sentence.
"""

import re
from collections.abc import Iterable, Sequence

from unabridged.extraction.body.boilerplate import is_share_label
from unabridged.extraction.html.builders import HtmlPiece, strip_tags
from unabridged.extraction.structure.service_labels import is_forum_control, is_service_line
from unabridged.text.labels import EDGE_LINES, TOOL_SIGNS, TOOL_WORDS
from unabridged.text.patterns import lazy_regex
from unabridged.text.scripts import CJK_LETTER
from unabridged.text.words import fold_spaces

FIRST = 6
"""Pieces at the start among which labels, breadcrumbs and by-lines are looked for."""
LONGEST = 90
"""Maximum characters of a boilerplate line."""
MOST_MARKED = 2_000
"""Maximum characters of such a line's HTML, with its links."""
LONGEST_STORY = 250
"""Characters of a piece that is certainly article text."""
LONGEST_LAST_NOTE = 400
"""Maximum characters of a note below the article."""
LONGEST_LAST_LABEL = 40
"""Maximum characters of a label at the end; a Han or kana letter counts as three."""

_LABEL = lazy_regex(
    r"\W*(?:(?:main |full |the )?(?:article|story)(?: (?:content|body|text))?|(?:main )?content|main text"
    r"|artikel(?:inhalt|text)?|inhalt des artikels|beitrag|contenu(?: de l['’]article)?"
    r"|corps de l['’]article"
    r"|contenido(?: del artículo)?|cuerpo de la noticia|contenuto(?: dell['’]articolo)?"
    r"|conteúdo(?: d[ao] \w+)?"
    r"|corpo d[ao] (?:notícia|artigo|texto)|inhoud(?: van het artikel)?|artikelinhoud|článek"
    r"|obsah(?: článku)?"
    r"|treść(?: artykułu)?|artykuł|стат(?:ья|тя)|текст(?: стат(?:ьи|ті)| новости)?|содержание статьи"
    r"|cikk|a cikk szövege"
    r"|artikkel|artikkeli|makale|haber(?:in)? (?:metni|içeriği|devamı)|isi (?:artikel|berita)"
    r"|nội dung(?: bài viết)?"
    r"|περιεχόμενο(?: άρθρου)?|محتوى المقال|نص (?:المقال|الخبر)|תוכן הכתבה|เนื้อหา(?:ข่าว)?"
    r"|正文|正文内容|文章(?:内容|正文|內容)|新闻(?:内容|正文)|新聞內容|本文|記事本文|기사\s?본문|본문(?:\s?내용)?)\W*",
    re.IGNORECASE,
)
_CJK_TOOLS = lazy_regex(
    r"(?=.*(?:字[号號体體]|打印|列印|轉發|转发|收藏|評論|评论|評價|举报|分享))"
    r"(?:字[号號体體](?:大小)?|文字大小|[大中小特TtAa+\-|｜:：/／·,，、()（）\[\]【】\s\d]|人(?:参与|參與)?|参与|參與"
    r"|[条條](?:评论|評論)|评论|評論|打印(?:本[文页])?|列印|转发|轉發|收藏|分享(?:到)?|举报|舉報|关闭|關閉|我要|推荐|推薦|复制|链接)+"
)
_SEPARATOR = lazy_regex(r"(?:>>?|»|›|&gt;|→|/)")
_ARROW = lazy_regex(r"(?:>|»|›|&gt;|→)+")
_HOME = lazy_regex(
    r"\W*(?:home(?:page)?|start(?:seite)?|accueil|inicio|portada|início|capa|главная|головна"
    r"|strona główna|hjem|hem"
    r"|etusivu|domů|úvod|kezdőlap|ana ?sayfa|beranda|trang chủ|αρχική|الرئيسية|ホーム|トップ"
    r"|홈|首页|首頁|主页|主頁"
    r"|您(?:的|所在的?)?(?:当前)?位置|当前位置|目前位置)\b.*",
    re.IGNORECASE,
)
_LINK = lazy_regex(r"<a [^>]*>(.*?)</a>", re.DOTALL)
_DATE_WORDS = frozenset(
    """
    by published posted updated last modified on at ago am pm edt est gmt utc uhr min read minute
    minutes hour hours
    day days week weeks month months year years just now
    von veröffentlicht aktualisiert am um vor stunden tagen minuten monaten jahren par publié mis à
    jour le il y a
    heures jours por publicado actualizado el hace horas días di pubblicato aggiornato alle fa ore giorni
    january february march april may june july august september october november december jan feb
    mar apr jun jul
    aug sep sept oct nov dec januar februar märz mai juni juli oktober dezember red
    """.split()
)
_BYLINE_CJK = lazy_regex(
    r"\W*(?:本[报報])?(?:[记記]者|文)\s*[/／:：]?\s*\w{2,10}\s*[/／]\s*\w{2,8}?(?:[報报][導道]|電|电|摄影|攝影)\W*"
)
_LAST_NOTE = lazy_regex(
    r"""
    ^\W*(?:copyright\b|©|\(c\)\s?(?:19|20)\d\d) | ^.{0,120}\ball\ rights\ reserved\b.{0,60}$
    | \bmay\ not\ be\ (?:published|reproduced|republished),?\ (?:or\ )?
      (?:broadcast|rewritten|(?:re)?distributed)\b
    | ^\W*(?:republished|reprinted)\ (?:from|with)\b | ^appeared\ in\ .{0,50}\bprint
    | \ba\ version\ of\ this\ (?:article|story|review|column|essay)\b.{0,60}\b(?:appear|print)
    | ^\W*dies(?:er|e)\ (?:artikel|text|beitrag|bericht)\ .{0,100}\b(?:erschienen|veröffentlicht)\W*$
    | ^\W*(?:artikel\ )?zuerst\ erschienen | ^\W*sendung:
    | \byou\ can\ follow\ (?:any|all|the)\ (?:responses|comments|replies)
    | \bboth\ comments\ and\ pings\ are\b | ^\W*(?:comments\ are\ (?:closed|off|disabled)|no\ comments)\W*$
    | ^(?:новость|запись|статья|материал)\ был[ао]?\ (?:оставлен|опубликован|размещ|добавлен)\w*\ .{0,80}
      (?:категори|рубрик|раздел)
    | \baffiliate\ (?:link|market|commission|program|partner)\w*\b.{0,200}\b(?:earn|commissions?)\b
    | \b(?:i|we)\b.{0,30}\bearn\b.{0,40}\bcommissions?\b | \bearn\ from\ qualifying\ purchases\b
    | ^\W*(?:posted|published|first\ published|(?:last\ )?updated)\b(?=.{0,60}\b(?:19|20)\d\d\b).{0,80}
      (?:\d|\b(?:[ap]\.?m|e[sd]t|p[sd]t|gmt|utc|uhr))\W*$
    | ^\W*(?:tags|filed\ under|schlagw(?:orte|örter)|mots-clés|etiquetas|теги|метки|标签|標籤|关键词|關鍵字)
      \s*[:：].{0,200}$
    | ^\W*凡.{0,20}(?:注明|标注|註明)
    | ^\W*[(（【\[]?\s*(?:责任编辑|責任編輯|責編|责编|编审|校对)\s*[:：].{1,20}$
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""Notes below an article: copyright, print edition, comments, tags, editors."""
_LAST_SIGNS = tuple(
    (
        "copyright|©|(c)|all rights reserved|may not be|republished|reprinted|appeared in|a version of this|"
        "erschienen|veröffentlicht|sendung:|you can follow|both comments|comments are|no comments|был|earn|"
        "affiliate|posted|published|updated|tags|filed under|schlagw|mots-clés|etiquetas|теги|метки|标签|"
        "標籤|关键词|關鍵字|凡|责任编辑|責任編輯|責編|责编|编审|校对"
    ).split("|")
)
"""Strings of which every note that `_LAST_NOTE` finds has one, in lower case: quicker to look for."""
_TOKEN = lazy_regex(r"[^\W\d_]+")


def without_lines(pieces: Sequence[HtmlPiece], authors: Iterable[str] = ()) -> list[HtmlPiece]:
    """Return the pieces of a body without boilerplate lines; all of them if nothing else would be left.

    authors: names that a by-line may consist of.
    """
    names = sorted((fold_spaces(name).casefold() for name in authors), key=len, reverse=True)
    kept: list[HtmlPiece] = []
    begun = False
    for place, piece in enumerate(pieces):
        text = _short_text(piece)
        if text is None:
            if _is_list_of_controls(piece):
                continue
            begun = begun or _is_story(piece)
        elif (
            is_toolbar(text)
            or is_share_label(text)
            or is_service_line(text)
            or (piece.run and is_forum_control(text))
            or (place < FIRST and not begun and _is_opening_line(piece, text, names))
        ):
            continue
        kept.append(piece)
    while kept and (_is_last_label(kept[-1]) or _is_last_note(kept[-1]) or _is_edge_line(kept[-1])):
        kept.pop()
    return kept if any(piece.run or strip_tags(piece.html).strip() for piece in kept) else list(pieces)


def _short_text(piece: HtmlPiece) -> str | None:
    """Return the text of a piece that is one short line or a heading, None for any other."""
    html = piece.html
    if len(html) > (MOST_MARKED if "<" in html else 2 * LONGEST) or not (piece.run or _is_heading(piece)):
        return None
    text = fold_spaces(strip_tags(html).replace("&nbsp;", " "))
    return text if text and len(text) <= LONGEST else None


def _is_list_of_controls(piece: HtmlPiece) -> bool:
    """Say whether a short list holds only the controls of a forum's post."""
    html = piece.html
    if not html.startswith(("<ul", "<ol")) or len(html) > MOST_MARKED:
        return False
    return is_forum_control(fold_spaces(strip_tags(html.replace("</li>", " "))))


def _is_heading(piece: HtmlPiece) -> bool:
    return piece.html[:2] == "<h" and piece.html[2:3] in "123456"


def _is_story(piece: HtmlPiece) -> bool:
    return not piece.html.startswith("<figure") and len(strip_tags(piece.html[:4_000])) > LONGEST_STORY


def _is_opening_line(piece: HtmlPiece, text: str, names: Sequence[str]) -> bool:
    """Say whether a line before the text is a label, a breadcrumb or a by-line."""
    return (
        bool(_LABEL.fullmatch(text) or _EDGE.fullmatch(text))
        or is_breadcrumb(piece.html, text)
        or is_byline(text, names)
        or is_date_line(text)
    )


def is_date_line(text: str) -> bool:
    """Say whether a line only tells when the article was published ("Published 07h33")."""
    words = _TOKEN.findall(text.casefold())
    if not words or words[0] not in _DATED or not any(map(str.isdigit, text)):
        return False
    return all(word in _DATE_WORDS or word == "h" for word in words)


def _is_edge_line(piece: HtmlPiece) -> bool:
    """Say whether the last piece is a label that stands below articles."""
    text = _short_text(piece) if piece.run else None
    return text is not None and (_EDGE.fullmatch(text) is not None or is_date_line(text))


_DATED = frozenset(
    "published posted updated veröffentlicht aktualisiert publié publicado actualizado pubblicato".split()
)
_EDGE = lazy_regex(rf"\W*(?:{'|'.join(EDGE_LINES)})\W*", re.IGNORECASE)


def is_toolbar(text: str) -> bool:
    """Say whether a line holds only the names of page tools: print, share, letter size."""
    if len(text) > LONGEST or text[-1:] in ".!?。！？":
        return False
    if _CJK_TOOLS.fullmatch(text):
        return True
    found = _TOKEN.findall(text.casefold())
    signs = sum(word in TOOL_SIGNS for word in found)
    return signs > 1 and all(word in TOOL_WORDS for word in found)


def is_breadcrumb(html: str, text: str) -> bool:
    """Say whether a line is a breadcrumb: the path from the front page, as links separated by arrows."""
    links = [strip_tags(found) for found in _LINK.findall(html)]
    linked = sum(len(fold_spaces(link)) for link in links)
    if _HOME.match(text) and len(_ARROW.findall(text)) > 1:
        return True
    if not links or not _SEPARATOR.search(text):
        return False
    home = _HOME.match(text) and linked > 0.25 * len(text)
    return bool(home) or (len(links) > 1 and linked > 0.6 * len(text))


def is_byline(text: str, names: Sequence[str]) -> bool:
    """Say whether a line is a by-line, with or without a date. names: the authors', case-folded."""
    if _BYLINE_CJK.fullmatch(text):
        return True
    rest = text.casefold()
    for name in names:
        rest = rest.replace(name, " ") if len(name) > 3 else rest
    signed = rest != text.casefold()
    return (
        (signed or any(map(str.isdigit, text)))
        and all(word in _DATE_WORDS for word in _TOKEN.findall(rest))
        and signed
    )


def _is_last_note(piece: HtmlPiece) -> bool:
    """Say whether the last piece is a note about the article."""
    if len(piece.html) > MOST_MARKED or piece.html.startswith("<figure"):
        return False
    text = fold_spaces(strip_tags(piece.html).replace("&nbsp;", " ").replace("&amp;", "&"))
    if not 1 < len(text) <= LONGEST_LAST_NOTE or not any(map(text.casefold().__contains__, _LAST_SIGNS)):
        return False
    return _LAST_NOTE.search(text) is not None


def _is_last_label(piece: HtmlPiece) -> bool:
    """Say whether the last piece is a heading, or a label with a colon, with nothing after it."""
    if _is_heading(piece):
        return len(strip_tags(piece.html)) <= LONGEST
    text = fold_spaces(strip_tags(piece.html[:1_000])) if piece.run else ""
    width = len(text) + 2 * len(CJK_LETTER.findall(text))
    return 1 < width <= LONGEST_LAST_LABEL and text.endswith((":", "："))
