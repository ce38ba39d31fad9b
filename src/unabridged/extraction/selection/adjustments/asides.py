"""Remove asides: blocks between the paragraphs that are not part of the article.

Advertisement labels, reading times, calls to subscribe, "read also" lists. They are recognised by their
wording, in many languages, and by their shortness: a rule here drops a few words, never a story. The network
learns most asides from the page's markup; these are the cases in which the words alone are enough.
"""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator
from functools import cached_property, lru_cache

from unabridged.dates.parse import parse_date
from unabridged.extraction.selection.adjustments.captions import credited_captions
from unabridged.extraction.selection.adjustments.comment_headings import (
    LEAST_BESIDE_COMMENTS,
    without_headed_comments,
)
from unabridged.extraction.selection.blocks import Layout
from unabridged.extraction.selection.token_tables import LONGEST_REMEMBERED
from unabridged.text.labels import AD_LABELS
from unabridged.text.patterns import lazy_regex
from unabridged.text.scripts import CJK_LETTER
from unabridged.text.words import estimate_words

LONGEST_CALL = 45
"""Maximum words of a call to action; Han and kana letters count as half a word."""
LONGEST_BOX = 80
"""Maximum words of the box around a call that is dropped with it."""
LARGEST_SHARE = 0.15
"""Maximum share of the kept words in a box that is an aside."""

_AD_NAMES = (*AD_LABELS, r"ads? by \w+", "sponsored content")
_AD = lazy_regex(
    rf"^\W*(?:{'|'.join(_AD_NAMES)})\W*$"
    rf"|^\W*(?!ad\b)(?:{'|'.join(_AD_NAMES)})\s*[:：].{{0,60}}$"  # "Ad: …" means "Name: …" in Turkish
    r"|^\W*(?:the )?(?:article|story|post|content) continues (?:after|below)\b.{0,40}$"
    r"|^\W*scroll (?:down )?to continue\b.{0,40}$"
    r"|^\W*(?:advertisement|anzeige|publicité)\W+(?:article|story|scroll|continue|weiterlesen|"
    r"lire la suite).{0,50}$",
    re.IGNORECASE,
)
_EMBEDDED = lazy_regex(
    r"^\W*(?:empfohlener (?:externer|redaktioneller) inhalt\W*$|externer? inhalte?\W*$"
    r"|an dieser stelle (?:finden sie|findest du|befindet sich|steht|sollte)\b.{0,80}\binhalt"
    r"|(?:ich bin |sie sind )?damit einverstanden, dass (?:mir |ihnen )?.{0,12}externe"
    r"|(?:um|zur) .{0,60}\b(?:anzuzeigen|anzusehen|anzeige)\b.{0,80}\b(?:cookies|einwilligung|zustimmung)"
    r"|(?:dies(?:er|es)|der) (?:externe |eingebettete )?(?:inhalt|video) .{0,80}\b(?:cookies|einwilligung)"
    r"|ce contenu (?:est|n['’]est|ne peut|provient) .{0,80}\bcookies"
    r"|pour (?:afficher|visualiser|voir) ce(?:tte)? .{0,80}\bcookies"
    r"|(?:este contenido|questo contenuto|este conteúdo) (?:no|non|não|está|è) .{0,80}\bcookies"
    r"|(?:deze|om deze) (?:inhoud|content|video) .{0,80}\bcookies"
    r"|(?:this|external) content (?:is|was) (?:hosted|provided|delivered) by (?:a )?third part"
    r"|this (?:content|video|post) (?:can(?:not|['’]t)|is (?:not|blocked)) .{0,80}\bcookies"
    r"|to (?:view|see|watch|show|play) this .{0,60}\b(?:allow|accept|enable)\b.{0,40}(?:cookies|javascript)"
    r"|(?:this (?:slideshow|video|content|feature|site) requires|aktivieren sie|please enable) javascript)",
    re.IGNORECASE,
)
"""Placeholder of an external video or post that is loaded only after consent."""
_READING_TIME = lazy_regex(
    r"\b\d{1,3}\s*-?\s*(?:min(?:ute|uten|utes|uti|utos)?s?\b\.?)\s*(?:read|de lecture|de lectura|"
    r"de leitura|di lettura|"
    r"lesezeit|leestijd|lästid|чтения)\b|\b(?:lesezeit|reading time|temps de lecture|"
    r"tiempo de lectura)\b\W*\d{1,3}\s*"
    r"min\w*\.?|(?:阅读|閱讀)(?:时间|時間|约|約)?\W*\d{1,3}\s*分[钟鐘]",
    re.IGNORECASE,
)
_DIGIT = lazy_regex(r"\d")
_CALL = lazy_regex(
    r"^\W*(?:[^.!:：。]{1,40}[.!:：。]\s+)?(?:"
    r"(?:sign up|subscribe)\b.{0,80}\b(?:newsletter|e-?mail|inbox|alerts?|updates|today|now)\b"
    r"|(?:get|receive)\b.{0,60}\b(?:in your inbox|newsletter|delivered to)\b"
    r"|follow us on\b|join (?:us|our)\b.{0,40}\b(?:telegram|"
    r"whatsapp|channel)\b"
    r"|(?:recevez|inscrivez-vous|abonnez-vous)\b|téléchargez\b.{0,30}\bappli"
    r"|(?:abonnieren sie|melden sie sich|jetzt abonnieren|jetzt anmelden)\b.{0,80}\b(?:newsletter|"
    r"whatsapp|kanal)\b"
    r"|(?:suscríbete|suscríbase|regístrate|recibe)\b.{0,80}\b(?:newsletter|bolet[ií]n|correo|"
    r"gratis|alertas)\b"
    r"|(?:iscriviti|abbonati)\b.{0,80}\b(?:newsletter|canale)\b|(?:assine|inscreva-se|"
    r"receba)\b.{0,80}\b(?:newsletter|canal)\b"
    r"|(?:подпишитесь|подписывайтесь)\b|(?:zapisz się|subskrybuj)\b.{0,60}\bnewsletter"
    r"|(?:下载|下載|打开|打開|安装).{0,20}(?:app|客户端|客戶端|应用)|立即(?:打开|下载|订阅|下載)|"
    r"扫(?:码|描二维码|一扫)"
    r"|(?:关注|關注).{0,12}(?:公众号|微信|微博)|订阅.{0,12}(?:电子报|邮件|newsletter)|"
    r"訂閱.{0,12}(?:電子報|newsletter)"
    r"|.{0,60}(?:メールマガジン|メルマガ|ニュースレター).{0,12}(?:登録|購読)"
    r")",
    re.IGNORECASE,
)
_PAYWALL = lazy_regex(
    r"^\W*(?:"
    r"(?:subscribe|sign in|log in|register|create an? (?:free )?account)\b.{0,40}"
    r"\bto (?:continue|keep|read|unlock|access|view)\b"
    r"|(?:to )?(?:continue|keep) reading\b.{0,60}\b(?:subscribe|sign in|log in|register|"
    r"subscription|account)\b"
    r"|this (?:article|story|content|post) is (?:only )?(?:for|available to|reserved for|"
    r"exclusive to)\b.{0,30}"
    r"\b(?:subscribers|members)\b"
    r"|already a (?:subscriber|member)\b|you have (?:reached|read)\b.{0,40}\bfree (?:articles?|stories)\b"
    r"|il vous reste \d{1,3}\s?%|(?:cet )?article (?:est )?(?:réservé|exclusif)\b.{0,30}abonné|"
    r"réservé aux abonnés"
    r"|(?:la suite|lire la suite)\b.{0,40}\babonné|déjà abonné"
    r"|(?:jetzt )?weiterlesen mit\b|(?:um|zum) weiterles|dieser (?:artikel|inhalt) ist\b.{0,40}\babonnent"
    r"|(?:suscríbete|regístrate|inicia sesión)\b.{0,40}\b(?:seguir leyendo|continuar|leer)\b|"
    r"contenido exclusivo para"
    r"|(?:abbonati|accedi|registrati)\b.{0,40}\b(?:continuare|leggere)\b|(?:assine|"
    r"faça login)\b.{0,40}\b(?:continuar|ler)\b"
    r"|(?:登录|登入|订阅|訂閱|付费|付費).{0,12}(?:继续|繼續|阅读|閱讀|查看)|剩余\s?\d{1,3}\s?%|本文为付费"
    r"|この記事は(?:有料)?会員|続きを読むには|残り\s?\d+\s?文字"
    r")",
    re.IGNORECASE,
)
_COMMENTS = lazy_regex(
    r"(?:^|[\s_-])(?:comments?|commentlist|commentaires?|comentarios?|kommentare?|commenti|"
    r"reactions?|respond|disqus|"
    r"komentarze|reacties|yorumlar|replies|pinglun|评论)(?:$|[\s_-])",
    re.IGNORECASE,
)
_COMMENT_HINTS = (
    "comment", "comentario", "kommentar", "reaction", "respond", "disqus", "komentarze", "reacties",
    "yorumlar", "replies", "pinglun", "评论",
)  # fmt: skip
"""Every alternative of the names above contains one of these. Testing all names together is 20 times as
fast."""
FORUM_TYPES = frozenset("discussionforumposting qapage question socialmediaposting".split())
_RELATED = lazy_regex(
    r"^\W*(?:read (?:more|also|next)|see also|also read|related(?: articles?| stories| content|"
    r" posts?| news| topics)?|"
    r"more (?:on this(?: story| topic)?|from|stories)|recommended(?: reading)?|you may also like|"
    r"don'?t miss|"
    r"(?:à )?lire aussi|à lire également|sur le même sujet|mehr zum thema|lesen sie auch|auch interessant|"
    r"lea también|lee también|te puede interesar|leia (?:também|mais)|veja também|leggi anche|"
    r"lees ook|les også|läs också|"
    r"читайте также|по теме|czytaj (?:też|także|więcej)|zobacz też|διαβάστε (?:επίσης|ακόμα)|"
    r"اقرأ أيضا?ً?|baca juga|"
    r"xem thêm|相关(?:阅读|新闻|文章|报道|链接)|延伸(?:阅读|閱讀)|推荐阅读|推薦閱讀|更多(?:新闻|"
    r"阅读|报道)|相關(?:新聞|文章|報導)|"
    r"関連(?:記事|リンク)|あわせて読みたい|관련\s?(?:기사|뉴스))\s*(?P<rest>[:：»>\-–|]?.*)$",
    re.IGNORECASE,
)
_BY = lazy_regex(
    r"^\W*(?:(?:posted|written|published|reported|story|words|text|report)\s+)?(?:by|von|par|por|"
    r"door|przez)\s+(?=\w)",
    re.IGNORECASE,
)
_DATE = lazy_regex(
    r"(?<!\d)\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}\s?日?|(?<!\d)\d{1,2}[-/.]\d{1,2}[-/.]\d{4}\b"
    r"|(?<!\d)\d{1,2}(?:st|nd|rd|th|\.)?\s+(?:de\s+)?[^\W\d_]{3,12}\.?,?\s+(?:de\s+)?\d{4}\b"
    r"|\b[^\W\d_]{3,12}\.?\s+\d{1,2}(?:st|nd|rd|th)?,?\s+\d{4}\b",
    re.IGNORECASE,
)
_CLOCK = lazy_regex(r"\b\d{1,2}\s?[:.h時时]\s?\d{2}(?:[:.]\d{2})?\s?(?:[ap]\.?m\.?\b|uhr|分)?", re.IGNORECASE)
_NAME_WORDS = frozenset("and und et y e en i by of de la van von der di du le at on for the".split())
FIRST_BLOCKS = 4
"""Kept blocks at the top that may be a by-line or a date line."""


def without_asides(layout: Layout, kept: list[int]) -> list[int]:
    """Return the kept blocks without asides."""
    asides = _Asides(layout, kept)
    dropped = credited_captions(layout, kept)
    for index in kept:
        if index not in dropped:
            dropped.update(asides.at(index))
    return [index for index in kept if index not in dropped] if len(dropped) < len(kept) else kept


def without_comments(layout: Layout, kept: list[int], types: Collection[str]) -> list[int]:
    """Return the kept blocks without the comments below them.

    types: the types of the page's structured data, lower case. Forum posts stay, and so do comments that are
    nearly all of the text.
    """
    if FORUM_TYPES.intersection(types):
        return kept
    kept = without_headed_comments(layout, kept)
    if not _may_name_comments("\n".join(layout.keys)):
        return kept
    inside: set[int] = set()
    for place, names in enumerate(layout.keys):
        if (
            place
            and names
            and _names_comments(names)
            and layout.tags[place] not in ("body", "article", "main")
        ):
            inside.update(range(layout.first[place], layout.end[place]))
    if inside.isdisjoint(kept):
        return kept
    left = [index for index in kept if index not in inside]
    return (
        left if sum(estimate_words(layout.texts[index]) for index in left) >= LEAST_BESIDE_COMMENTS else kept
    )


def _may_name_comments(names: str) -> bool:
    folded = names.lower()
    return any(hint in folded for hint in _COMMENT_HINTS)


def _names_comments(names: str) -> bool:
    return _remembered(names) if len(names) < LONGEST_REMEMBERED else _remembered.__wrapped__(names)


@lru_cache(maxsize=8192)
def _remembered(names: str) -> bool:
    return _may_name_comments(names) and _COMMENTS.search(names) is not None


class _Asides:
    """The kept blocks of a page, and which of them are dropped together."""

    def __init__(self, layout: Layout, kept: list[int]) -> None:
        self.layout = layout
        self.kept = kept
        self._sizes: dict[int, float] = {}

    def size(self, index: int) -> float:
        """Return the words of a kept block; cached."""
        known = self._sizes.get(index)
        if known is None:
            known = self._sizes[index] = estimate_words(self.layout.texts[index])
        return known

    @cached_property
    def whole(self) -> float:
        return sum(self.size(index) for index in self.kept)

    def at(self, index: int) -> list[int]:
        """Return the blocks to drop because of this one: none, itself, or the box around it."""
        text = self.layout.texts[index]
        if len(text) > 400:
            return []
        if _AD.match(text) or _EMBEDDED.match(text):
            return [index]
        if self._is_reading_time(index) or self._is_about_the_article(index):
            return [index]
        if self.size(index) <= LONGEST_CALL and (_CALL.match(text) or _PAYWALL.match(text)):
            return self._box(index)
        if self._is_teaser(index):
            return [index]
        if self.size(index) <= LONGEST_CALL and (found := _RELATED.match(text)):
            return self._related(index, found["rest"])
        return []

    def _is_teaser(self, index: int) -> bool:
        """Say whether a line is a link in an article element nested in the kept one."""
        linked = self.layout.linked[index]
        if linked < 0.9 * len(self.layout.texts[index]):
            return False
        above = [place for place in self._ancestors(index) if self.layout.tags[place] == "article"]
        if len(above) < 2:
            return False
        inside = self._inside(above[0])
        texts, links = self.layout.texts, self.layout.linked
        return all(links[one] >= 0.9 * len(texts[one]) for one in inside)

    def _is_reading_time(self, index: int) -> bool:
        text = self.layout.texts[index]
        if len(text) > 90 or not _DIGIT.search(text) or not _READING_TIME.search(text):
            return False
        rest = _READING_TIME.sub(" ", text).strip(" ·|,•-–—\t")
        return not rest or parse_date(rest, kind="published", origin="page") is not None

    def _is_about_the_article(self, index: int) -> bool:
        """Say whether a short block at the top holds only the author or the date."""
        text = self.layout.texts[index]
        if len(text) > 90 or index not in self.kept[:FIRST_BLOCKS] or text[-1:] in "!?。！？":
            return False
        undated, dates = _DATE.subn(" ", text)
        rest, signed = _BY.subn("", _CLOCK.sub(" ", undated) if dates else text)
        if not dates and not signed:
            return False
        left = re.findall(r"[^\W_]+", rest)
        if CJK_LETTER.search(rest):
            return bool(dates) and sum(map(len, left)) <= 14
        return len(left) <= 10 and all(word[0].isupper() or word in _NAME_WORDS for word in left)

    def _ancestors(self, index: int) -> Iterator[int]:
        place = self.layout.homes[index]
        while place > 0:
            yield place
            place = self.layout.parents[place]

    def _inside(self, place: int) -> list[int]:
        kept, layout = self.kept, self.layout
        return kept[bisect_left(kept, layout.first[place]) : bisect_left(kept, layout.end[place])]

    def _box(self, index: int) -> list[int]:
        """Return the blocks of the largest container around a call that holds little else."""
        best = [index]
        for place in self._ancestors(index):
            if self.layout.tags[place] in ("body", "article", "main"):
                break
            inside = self._inside(place)
            size = sum(self.size(one) for one in inside)
            if size > min(LONGEST_BOX, max(self.size(index), LARGEST_SHARE * self.whole)):
                break
            if any(self.size(one) > LONGEST_CALL for one in inside):
                break
            best = inside
        return best

    def _related(self, index: int, rest: str) -> list[int]:
        """Return a label of links with the links after it, or a line that is both label and link."""
        if rest.strip(" :：»>-–|.…"):
            linked = self.layout.linked[index] / max(1, len(self.layout.texts[index]))
            return [index] if linked > 0.5 else []
        following = self._links_after(index)
        return [index, *following] if following or self._is_link_list(index + 1) else []

    def _is_link_list(self, index: int) -> bool:
        texts = self.layout.texts
        return index < len(texts) and self.layout.linked[index] > 0.7 * len(texts[index])

    def _links_after(self, index: int) -> list[int]:
        """Return the run of kept blocks after a label that are mostly links."""
        found: list[int] = []
        for one in self.kept[self.kept.index(index) + 1 :]:
            if self.layout.linked[one] < 0.7 * len(self.layout.texts[one]) or self.size(one) > LONGEST_CALL:
                break
            found.append(one)
        return found
