"""The words of a text, and which of them last: relative times, counters and advertisements do not."""

import re
from itertools import pairwise

from unabridged.text.labels import AD_LABELS
from unabridged.text.scripts import ALL_HAN_AND_KANA
from unabridged.text.words import text_lines

SHORT_BLOCK = 15
"""Words and marks up to which a block may be a date line, a counter or an advertisement's label."""

SHORT_CHARACTERS = 120
"""Longer blocks are not looked at for that."""

LONGEST_COMMON = 3
"""Letters: most words that every text of a language has are no longer."""

_HAN = f"[{ALL_HAN_AND_KANA}]"
_TOKENS = re.compile(_HAN + r"|[^\W_]+(?:[.,'][^\W_]+)*|[^\w\s]|_")
_HAN_LETTER = re.compile(_HAN)
_WORD = re.compile(r"[^\W_]\S*")
_TYPOGRAPHY = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u2011": "-", "\xad": ""}

_RELATIVE_TIMES = (
    r"\b(?:\d+|an?|one|few)\s*(?:s|sec|min|hr?|d|second|minute|hour|day|week|month|year)s?\.?\s+ago\b",
    r"\bjust now\b",
    r"\bvor\s+(?:\d+|ein\w*)\s+\w+",
    r"(?:منذ|قبل)\s+\d*\s*\w+",
    r"לפני\s+\d*\s*\w+",
    r"刚刚|剛剛|刚才",
)
_COUNTED_TIMES = (
    r"\bil y a\s+\d+\s+\w+",
    r"\b(?:hace|há)\s+\d+\s+\w+",
    r"\d+\s+\w+\s+fa\b",
    r"\d+\s+\w+\s+(?:назад|тому|geleden|temu|sedan|siden|sitten|önce|पहले|trước)",
    r"\bпред(?:и)?\s+\d+\s+\w+",
    r"\d+\s+\w+\s+(?:yang )?lalu\b",
    r"\d+\s*(?:秒|分|分钟|分鐘|小时|小時|時間|天|日|周|週|个月|個月|年)(?:以)?前",
    r"\d+\s*(?:초|분|시간|일|주|개월|년)\s*전",
    r"\d+\s*\S+ที่แล้ว",
)
_RELATIVE_TIME = re.compile("|".join(_RELATIVE_TIMES), re.IGNORECASE)
_COUNTED_TIME = re.compile("|".join(_COUNTED_TIMES), re.IGNORECASE)
"""Those that always have a number, which most blocks do not: they are spared the search."""

_AD_LABEL = re.compile(rf"(?:{'|'.join(AD_LABELS)})\s*(?:$|[:：|·•–—-]|(?:\w+\W*){{1,3}}$)", re.IGNORECASE)
"""A label alone, with up to three words, or with a colon or dash before the advertisement."""

_COUNTED = re.compile(
    r"\b(?:shares?|comments?|views?|likes?|reads?|reactions?|retweets?|followers?|kommentare?|commentaires?"
    r"|comentarios?|commenti|reacties|комментари\w*|просмотр\w*)\b"
    r"|评论|評論|阅读|閱讀|浏览|瀏覽|点赞|點讚|分享|转发|轉發|コメント|閲覧|댓글|조회",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d[\d.,]*\s?[kKmM万萬億亿]?")

_HINTS = (
    *("ago", "just now", "vor ", "منذ", "قبل", "לפני", "刚刚", "剛剛", "刚才"),
    *(
        "il y a ",
        "hace ",
        "há ",
        " fa",
        " назад",
        " тому",
        " geleden",
        " temu",
        " sedan",
        " siden",
        " sitten",
    ),
    *(" önce", " पहले", " trước", "пред", "lalu", "前", "전", "ที่แล้ว"),
    *("share", "comment", "view", "like", "read", "reaction", "retweet", "follower", "kommentar"),
    *("comentario", "reactie", "комментари", "просмотр", "评论", "評論", "阅读", "閱讀", "浏览", "瀏覽"),
    *("点赞", "點讚", "分享", "转发", "轉發", "コメント", "閲覧", "댓글", "조회"),
)
"""What a block must hold, folded, before one of the expressions above can match. Searching plain words is
twenty times as fast, and most texts hold none in their short blocks."""

_AD_STARTS = tuple(label.casefold() for label in AD_LABELS)
_AD_MARGIN = "-:[]() "


def tokens(text: str) -> list[str]:
    """The words and marks of a text: letters of Han and kana one by one, quotes and dashes levelled."""
    return _TOKENS.findall(_levelled(text))


def _levelled(text: str) -> str:
    """A text with plain quotes and dashes. Eight replacements are five times as fast as str.translate."""
    if text.isascii():
        return text
    for mark, plain in _TYPOGRAPHY.items():
        text = text.replace(mark, plain)
    return text


def lasting_text(text: str) -> str:
    """A text without what changes by itself, its white space and typography levelled."""
    blocks = text_lines(_levelled(text))
    short = [place for place, block in enumerate(blocks) if len(block) <= SHORT_CHARACTERS]
    folded = _folded("\n".join(blocks[place] for place in short))
    hints = [hint for hint in _HINTS if hint in folded]
    for place, block in zip(short, folded.split("\n"), strict=False):  # no short block: one empty one
        if block.strip(_AD_MARGIN).startswith(_AD_STARTS) or any(hint in block for hint in hints):
            blocks[place] = _reduced(blocks[place])
    return " ".join(filter(None, blocks))


def _folded(text: str) -> str:
    """Folded at least as far as the expressions' IGNORECASE does, the two Turkish letters i included."""
    folded = text.casefold()
    return folded if folded.isascii() else folded.replace("ı", "i").replace("i\u0307", "i")


def _reduced(flat: str) -> str:
    """A short block without what changes by itself."""
    if flat.count(" ") >= SHORT_BLOCK or len(tokens(flat)) > SHORT_BLOCK:
        return flat
    if _AD_LABEL.match(flat.strip(_AD_MARGIN)):
        return ""
    flat = _RELATIVE_TIME.sub(" ", flat)
    if _DIGITS.search(flat):
        flat = _COUNTED_TIME.sub(" ", flat)
    if _COUNTED.search(flat):
        flat = _DIGITS.sub(" ", flat)
        if not _WORD.search(_COUNTED.sub(" ", flat)):
            return ""  # nothing but a counter, which a page shows one day and not the next
    return " ".join(flat.split())


def telling_words(text: str) -> frozenset[str]:
    """The words of a text that say what it is about: longer ones, and pairs of Han or kana letters."""
    found = tokens(text)
    words = {token.casefold() for token in found if len(token) > LONGEST_COMMON}
    return frozenset(
        words.union(a + b for a, b in pairwise(found) if _HAN_LETTER.match(a) and _HAN_LETTER.match(b))
    )
