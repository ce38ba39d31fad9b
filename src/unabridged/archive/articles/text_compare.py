"""Stable text for comparing versions: without relative times, counters and advertisement labels."""

import re
from itertools import pairwise

from unabridged.text.labels import AD_LABELS
from unabridged.text.patterns import lazy_regex
from unabridged.text.scripts import ALL_HAN_AND_KANA
from unabridged.text.words import text_lines

SHORT_BLOCK_TOKENS = 15
"""Most tokens of a block that may be a date line, a counter or an advertisement label."""

SHORT_BLOCK_CHARACTERS = 120
"""Longer blocks are not searched for these."""

MAX_COMMON_WORD = 3
"""Letters of a common word: most words that occur in every text of a language have no more."""

_HAN = f"[{ALL_HAN_AND_KANA}]"
_TOKENS = lazy_regex(_HAN + r"|[^\W_]+(?:[.,'][^\W_]+)*|[^\w\s]|_")
_HAN_LETTER = lazy_regex(_HAN)
_WORD = lazy_regex(r"[^\W_]\S*")
_TYPOGRAPHY = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u2011": "-", "\xad": ""}

_RELATIVE_TIMES = (
    r"\b(?:\d+|an?|one|few)\s*(?:s|sec|min|hr?|d|second|minute|hour|day|week|month|year)s?\.?\s+ago\b",
    r"\bjust now\b",
    r"\bvor\s+(?:\d+|ein\w*)\s+\w+",
    r"(?:منذ|قبل)\s+\d*\s*\w+",
    r"לפני\s+\d*\s*\w+",
    r"刚刚|剛剛|刚才",
)
_NUMBERED_TIMES = (
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
_RELATIVE_TIME = lazy_regex("|".join(_RELATIVE_TIMES), re.IGNORECASE)
_NUMBERED_TIME = lazy_regex("|".join(_NUMBERED_TIMES), re.IGNORECASE)
"""Relative times that always have a number; most blocks have none and are not searched."""

_AD_LABEL = lazy_regex(rf"(?:{'|'.join(AD_LABELS)})\s*(?:$|[:：|·•–—-]|(?:\w+\W*){{1,3}}$)", re.IGNORECASE)
"""A label on its own, with up to three more words, or with a colon or dash before the advertisement."""

_COUNTER_WORD = lazy_regex(
    r"\b(?:shares?|comments?|views?|likes?|reads?|reactions?|retweets?|followers?|kommentare?|commentaires?"
    r"|comentarios?|commenti|reacties|комментари\w*|просмотр\w*)\b"
    r"|评论|評論|阅读|閱讀|浏览|瀏覽|点赞|點讚|分享|转发|轉發|コメント|閲覧|댓글|조회",
    re.IGNORECASE,
)
_DIGITS = lazy_regex(r"\d[\d.,]*\s?[kKmM万萬億亿]?")

_VOLATILE_HINTS = (
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
"""Substrings of which a case-folded block must have one before an expression above can match. Searching for
them is twenty times as fast, and most texts have none in their short blocks."""

_AD_STARTS = tuple(label.casefold() for label in AD_LABELS)
_AD_MARGIN = "-:[]() "


def comparison_tokens(text: str) -> list[str]:
    """Split a text into words and punctuation marks: single Han and kana letters, plain quotes and dashes."""
    return _TOKENS.findall(_normalize_quotes(text))


def _normalize_quotes(text: str) -> str:
    """Replace typographic quotes and dashes. Eight replacements are five times as fast as str.translate."""
    if text.isascii():
        return text
    for mark, plain in _TYPOGRAPHY.items():
        text = text.replace(mark, plain)
    return text


def stable_text(text: str) -> str:
    """Remove what changes without an edit, and normalize white space, quotes and dashes."""
    blocks = text_lines(_normalize_quotes(text))
    short = [place for place, block in enumerate(blocks) if len(block) <= SHORT_BLOCK_CHARACTERS]
    folded = _fold_case("\n".join(blocks[place] for place in short))
    hints = [hint for hint in _VOLATILE_HINTS if hint in folded]
    for place, block in zip(short, folded.split("\n"), strict=False):  # no short block: `folded` is empty
        if block.strip(_AD_MARGIN).startswith(_AD_STARTS) or any(hint in block for hint in hints):
            blocks[place] = _drop_volatile_parts(blocks[place])
    return " ".join(filter(None, blocks))


def _fold_case(text: str) -> str:
    """Fold case at least as far as IGNORECASE does, including the two Turkish letters i."""
    folded = text.casefold()
    return folded if folded.isascii() else folded.replace("ı", "i").replace("i\u0307", "i")


def _drop_volatile_parts(flat: str) -> str:
    """Remove relative times, counters and advertisement labels from a short block."""
    if flat.count(" ") >= SHORT_BLOCK_TOKENS or len(comparison_tokens(flat)) > SHORT_BLOCK_TOKENS:
        return flat
    if _AD_LABEL.match(flat.strip(_AD_MARGIN)):
        return ""
    flat = _RELATIVE_TIME.sub(" ", flat)
    if _DIGITS.search(flat):
        flat = _NUMBERED_TIME.sub(" ", flat)
    if _COUNTER_WORD.search(flat):
        flat = _DIGITS.sub(" ", flat)
        if not _WORD.search(_COUNTER_WORD.sub(" ", flat)):
            return ""  # only a counter, which a page shows on some days
    return " ".join(flat.split())


def distinctive_words(text: str) -> frozenset[str]:
    """Return the words that tell what a text is about: longer ones, and pairs of Han or kana letters."""
    found = comparison_tokens(text)
    words = {token.casefold() for token in found if len(token) > MAX_COMMON_WORD}
    return frozenset(
        words.union(a + b for a, b in pairwise(found) if _HAN_LETTER.match(a) and _HAN_LETTER.match(b))
    )
