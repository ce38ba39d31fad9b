"""Names in by-lines: people, desks and agencies, and texts that are neither."""

import re
import unicodedata
from functools import lru_cache
from html import unescape

from unabridged.text.patterns import lazy_regex
from unabridged.text.scripts import HAN
from unabridged.text.words import fold_spaces, letters_only

MAX_NAMES = 20
LONGEST_NAME = 60

# "By", "Written by", in many languages; followed by white space or a colon.
_BY_WORDS = (
    "written by|posted by|post by|thread starter|topic starter|started by|submitted by|asked by|created by|"
    "uploaded by|"
    "published by|story by|words by|text by|article by|reported by|reporting by|"
    "compiled by|authored by|contributed by|"
    "edited by|review by|reviewed by|by|authors?|writers?|contributors?|reporters?|"
    "erstellt von|gespeichert von|ein beitrag von|gastbeitrag von|beitrag von|interview(?: von)?|kolumne "
    "von|vom|quelle|"
    "geschrieben von|verfasst von|veröffentlicht von|ein artikel von|artikel von|von|autor(?:in|en)?|text|"
    "redakteur(?:in)?|"
    "écrit par|publié par|rédigé par|propos recueillis par|par|auteur(?:e|s)?|"
    "escrito por|publicado por|redactado por|por|autor(?:es|a|as)?|texto|"
    "scritto da|pubblicato da|a cura di|articolo di|di|da|autor[ei]|"
    "geschreven door|gepubliceerd door|door|auteurs?|tekst|"
    "skrevet av|skrevet af|skriven av|av|af|tekst|text|forfatter|författare|journalist|kirjoittanut|teksti|"
    "napisał|opracował[ai]?|autor(?:zy|ka)?|tekst|przez|napsal|od|"
    "автор(?:ы)?|текст|подготовил[аи]?|автори|yazan|yazar|haber|oleh|penulis|reporter|editor|tác giả|theo|"
    "của|bởi|írta|szerző|scris de|de|του|της|γράφει|كتب|كتبت|بقلم|המחבר|מאת"
)
_BY = lazy_regex(rf"^\s*[-–—|•·*]?\s*(?:{_BY_WORDS})(?:\s*[:：]\s*|\s+|$)", re.I)
_BY_CJK = lazy_regex(
    r"^\s*[【\[(（]?\s*(?:本报记者|本報記者|特约记者|实习记者|记者|記者|作者|撰文|撰稿|文字|采写|采访|"
    r"编辑|編輯|責任編輯|责任编辑|责编|文|글|取材|執筆|"
    r"ライター|著者|投稿者)"
    r"\s*(?:[:：/／|丨]\s*|\s+)[】\])）]?\s*"
)
_LEADS = lazy_regex(
    r"^(?!sponsored|presented|powered|brought)"
    r"(?:this (?:post|article|story) (?:was|is) (?:written|contributed) by|(?:[\w’']+ ){1,5}(?-i:by)):?\s+"
    r"(?=(?-i:[^\W\d_a-z]))|"
    r"^(?:[\w-]+ ){0,4}(?:beitr(?:ag|äge)|artikel|analyse|kommentar|kolumne|bericht|text|essay|rezension|"
    r"reportage|glosse|pressemitteilung|wortlaut|porträt|protokoll|meinung|kritik) von\s+|"
    r"^(?:(?:this entry was )?(?:posted|published|written|submitted|created)|veröffentlicht|geschrieben|"
    r"erstellt|"
    r"publié|rédigé|publicado|escrito|pubblicato|scritto|geplaatst|gepubliceerd)\b(?=.{0,60}\d).{0,60}?\s"
    r"(?:by|von|par|por|da|door)\s+(?=\S)",
    re.I,
)
"""Text before a "by" in the middle of a line: "View all posts by", "Ein Kommentar von", "Posted on … by"."""
_GLUED = lazy_regex(r"^By(?=[A-Z][a-z]+ [A-Z])")
_OF_PICTURES = lazy_regex(
    r"^\W*(?:photos?|photographs?|photography|pictures?|images?|illustrations?|fotos?|bild(?:er)?|"
    r"grafik(?:en)?|"
    r"crédits?|摄影|图|图片|写真)(?:\s*[:：/]|\s+(?:by|von|par|credits?)\b)",
    re.I,
)
_AFTER_CJK = lazy_regex(r"\s*(?:기자|특파원|논설위원|記者|报道|報導|報道|編集委員)\s*(?:=.*)?$")
_CUT = lazy_regex(
    r"\s+[|•·●▪–—»›/]\s+|\s[-]\s|[|•·●▪]|\s{2,}|\n|"
    r"\s+(?:(?:(?:last )?updated|published|posted) on|on|updated|published|posted|last|vom|am|le|el|il|"
    r"op|den)\s+(?=\W*\d|[A-Z]\w+\s\d|[a-zé]+\s\d|\w+day|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b)|"
    r"\s*[@<]|\s*\d{1,4}[./:\-]\d|\s+(?:19|20)\d\d|\s+(?:für|for|in|at|from|bei|special to|en|à|"
    r"chez)\s+(?=[A-ZÄÖÜ])"
)
_END = lazy_regex(r"\s+[|•·●▪]\s+|[|•·●▪]|\s[-–—]\s|\n")
_JUNK = lazy_regex(
    r"^\W*\d[\d\W]*$|https?:|\d{1,2}[:.]\d\d|(?:19|20)\d\d\b|^(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|"
    r"nov|dec)\w*\.? \d|"
    r"^(?:the author|about|about the author|about us|(?:view |see )?all (?:posts|articles|stories)|alle "
    r"artikel|read more|"
    r"link|size|share|follow(?: us)?|fact checked|medically reviewed|reviewed|published|updated|by|author|"
    r"authors|name|"
    r"date|datum|datum:?|comments?|no comments|kommentare?|leave a (?:comment|reply)|home|menu|search|"
    r"subscribe|sign (?:in|up)|"
    r"log ?in|contact|email|e-mail|twitter|facebook|linkedin|instagram|website|profile|biography|bio|some|"
    r"managing director|reply|(?:.* )?reply to|(?:topic|thread|post) (?:author|starter)|"
    r"automoderator|tagged as|"
    r"(?:last|zuletzt) (?:edited|bearbeitet|geändert)\b.*|"
    r"(?:discuz|comsenz|dedecms|phpcms|empirecms|wordpress|joomla|drupal|typo3)\b.*|publiziert.*|"
    r"kontakt.*|(?:来自|来源|來源|出处|源自)\s*[:：]?.*|互联网|网络|网友|佚名|未知|匿名|不详|"
    r"guest author|written|edit.*|in|on|at|and|more|news|blog|featured|image|photo|video|quelle|von|"
    r"(?:entry |this entry was )?(?:posted|published|submitted|written|filed|created|updated|added)"
    r"(?: (?:on|in|by|at|under))?|(?:last )?(?:updated|modified|edited)(?: (?:on|at))?|"
    r"(?:publié|posté|mis à jour) (?:le|par)|(?:veröffentlicht|erstellt|geschrieben) (?:am|von)|"
    r"(?:publicado|escrito) (?:el|em|por)|pubblicato (?:il|da)|geplaatst (?:op|door)|"
    r"[\d.,]+\s?[kKmM]?|\W*\d.*\b(?:badges?|reputation|followers?|karma|points)|"
    r"foto)$",
    re.I,
)
_WEEKDAY = lazy_regex(
    r"(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch|"
    r"sonnabend|"
    r"lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|lunes|martes|miércoles|jueves|viernes|sábado|"
    r"domingo|"
    r"(?:lune|marte|mercole|giove|vener)dì|sabato|domenica|(?:segunda|terça|quarta|quinta|sexta)-feira|"
    r"(?:maan|dins|woens|donder|vrij|zater|zon)dag|poniedziałek|wtorek|środa|czwartek|piątek|sobota|"
    r"niedziela|"
    r"(?:mån|tis|ons|tors|fre|lör|sön|man|tirs|lør|søn)dag|"
    r"понедельник|вторник|среда|четверг|пятница|суббота|воскресенье|(?:星期|周|週|礼拜)[一二三四五六日天]|"
    r"[月火水木金土日]曜日?|[월화수목금토일]요일)",
    re.I,
)
_AND = lazy_regex(
    r"\s*(?:[,;&、，；]|\s\+\s|(?<=\w)\s/\s|"
    r"\b(?:[Aa]nd|AND|und|et|y|och|og|и|та|ve|dan|và|with|mit|avec|con)\b)\s*"
)
"""Lower case only: "Dan" and "Et" begin names."""
_AND_LATE = lazy_regex(r"\s+(?:e|en|i|a|és|și|و)\s+")
_ROLE = lazy_regex(
    r"\b(?:scientist|engineer|economist|attorney|lawyer|consultant|advis[eo]r|strategist|physician|historian|"
    r"postdoc\w*|candidate|student|officer|associate|assistant|psychologist|sociologist|biologist|physicist|"
    r"universit\w+|college|school|academy|laboratory|hospital|museum|observatory|council|ministry|foundation|"
    r"association|cent(?:er|re)|department|society|hochschule|professor\w*|wissenschaftl\w+|chefredakt\w+|"
    r"instituto?|universidad|università|école|chercheu\w+|investigador\w*|profesor\w*|"
    r"staff|writers?|reporters?|editors?|correspondents?|journalists?|columnists?|contributors?|"
    r"contributing|"
    r"producers?|analysts?|professor|director|manager|founder|ceo|cto|chief|president|senior|specialist|"
    r"author|"
    r"head of|lecturer|fellow|researcher|photographer|videographer|blogger|bureau|redakt\w+|korrespondent\w*|"
    r"journaliste|rédact\w+|periodista|redactor\w*|giornalista|redattor\w+|repórter|jornalista|autor|"
    r"корреспондент|обозреватель|журналист|ph\.?d|m\.?d|md|jd|mba|msc|rdn?|cpa|esq|dvm|rn|jr|sr|ii|iii|"
    r"marketing|university|institute|guest)\b",
    re.I,
)
_AGENCY = lazy_regex(
    r"^(?:the )?(?:reuters|ap|afp|dpa|apa|sda|ats|ansa|efe|upi|tass|тасс|риа новости|xinhua|新华社|新華社|"
    r"pti|"
    r"ani|ians|"
    r"pap|čtk|ctk|belga|anp|ntb|tt|ritzau|stt|lusa|cna|cp|aap|bloomberg|associated press|press association|"
    r"pa media|"
    r"agence france[- ]presse|deutsche presse[- ]agentur|canadian press|europa press|kyodo|yonhap|"
    r"연합뉴스|共同社|"
    r"中新社|中新网|中央社|时事|時事|antara|bernama|interfax|интерфакс|унн|укринформ|anadolu(?: agency)?|"
    r"aa|dha|iha|"
    r"keystone-sda|sid|kna|epd|afxp|awp|tt nyhetsbyrån|belganews|getty images)(?:\b|$)",
    re.I,
)
_DESK = lazy_regex(
    r"\b(?:staff|newsroom|news ?desk|desk|team|editors?|editorial|redaktion\w*|redaktsiya|redazione|"
    r"redaction|rédaction|"
    r"redacci[óo]n|reda[cç][aã]o|redactie|redakcj[ai]|redakce|redakcija|редакци[яи]|редакція|toimitus|"
    r"szerkesztőség|redacția|"
    r"admin\w*|administrator|webmaster|agency|agencies|agencias?|agences?|agenturen|agenzie|wires?|service|"
    r"correspondents?|reporters?|bureau|news|online|press|media|magazine|gazette|times|herald|tribune|"
    r"journal|"
    r"zeitung|office|department|group|inc|llc|ltd|gmbh|company|university|institute|center|centre|foundation|"
    r"association|society|project|network|press release|pr newswire|business wire|sponsored|advertorial|"
    r"partner|"
    r"guest|user|anonymous|unknown|default|n/?a|null|none|contributors?|contributor|writers?|blog|website|"
    r"web)\b|"
    r"编辑部|編輯部|本报|本報|综合|綜合|日报|日報|新闻|新聞|晚报|网|網|편집국|뉴스|신문|نيوز|وكالات|تحرير|"
    r"กอง|ban biên tập|\.(?:com|net|org|"
    r"de|co)\b",
    re.I,
)
_NOT_A_NAME = lazy_regex(
    r"https?:|www\.|@\w+\.|[<>{}=\[\]#%*]|\d{2}|\b(?:read|more|comments?|views?|share|subscribe|follow|"
    r"click|minutes?|ago|"
    r"january|february|march|april|june|july|august|september|october|november|december|monday|tuesday|"
    r"wednesday|thursday|friday|saturday|sunday|photo|image|video|copyright|login|sign in|home|about|contact|"
    r"posts?|articles?|all rights|continue|biography|profile|print|email|e-mail)\b",
    re.I,
)
_PARTICLE = frozenset(
    "de da di do dos das del della der den van von zu zur la le el al bin ibn ben du des af av ten ter vom "
    "und y e mc "
    "st san santa abu bint dei degli".split()
)


def name_key(name: str) -> str:
    """Fold a name for comparison."""
    return fold_spaces(unicodedata.normalize("NFKC", name).casefold()).replace("’", "'").strip(" .")


@lru_cache(maxsize=2_000)
def split_names(text: str) -> tuple[str, ...]:
    """Return the names in a by-line ("By Ann Lee and Bo Li | 3 May" -> Ann Lee, Bo Li), without roles and
    dates."""
    text = fold_spaces(unescape(text[:400]))
    if _OF_PICTURES.match(text):
        return ()
    text = _ENDINGS.sub("", _PICTURES_AFTER.sub("", text))
    said, text = strip_by_words(_signed_part(text))
    text = _CUT.split(text, maxsplit=1)[0] if said else _END.split(text, maxsplit=1)[0]
    names: list[str] = []
    in_role = False
    for piece in _AND.split(text)[: MAX_NAMES * 2]:
        parts = _AND_LATE.split(piece) if len(piece.split()) >= 5 else [piece]
        for part in parts:
            name = clean_name(part)
            if len(name) < 2 or _JUNK.search(name) or _WEEKDAY.fullmatch(name):
                continue
            if names and _only_role(name):
                in_role = True
            elif name not in names and not (in_role and " " not in name):
                names.append(name)
                in_role = False
    if said and len(names) == 2 and _is_place(names[1], names[0], text):
        names.pop()
    return tuple(names[:MAX_NAMES])


def _signed_part(text: str) -> str:
    """Return the part of a line that begins like a by-line ("4 May 2025 | By Ann Lee"), the line if none
    does."""
    parts = _END.split(text)
    if len(parts) < 2 or strip_by_words(text)[0]:
        return text
    said = next((part for part in parts[1:] if may_be_byline(part.strip()) and _BY.match(part)), None)
    return said or name_beside_day(text) or text


def name_beside_day(text: str) -> str | None:
    """Return the name in a line of a day and a name ("4 May 2025 · Ann Lee"), None for other lines."""
    parts = _DAY_ENDS.split(text)
    if len(parts) != 2 or len(text) > 120:
        return None
    day, name = parts if _HAS_DAY.search(parts[0]) else parts[::-1]
    name = _ON_BEHALF.split(name.strip(" ,"), maxsplit=1)[0]
    if len(day) > 30 or not _HAS_DAY.search(day) or not 2 <= len(name.split()) <= 4:
        return None
    return name if looks_like_a_person(name) and not is_credit(name) else None


_DAY_ENDS = lazy_regex(r"\s+[|•·●▪–—-]\s+|[|•·●▪]")
_HAS_DAY = lazy_regex(r"\d{1,2}[./-]\d{1,2}[./-]\d\d|\b(?:19|20)\d\d\b")
_ON_BEHALF = lazy_regex(r"\s+(?:on behalf of|für|for|in)\b")


def _is_place(last: str, name: str, text: str) -> bool:
    """Say whether the last part of a by-line is the place of its one author: "Ann Lee, Lille"."""
    return (
        " " in name
        and last.isalpha()
        and last.istitle()
        and not is_credit(last)
        and text.strip().endswith(f", {last}")
    )


_PICTURES_AFTER = lazy_regex(
    r"(?<=\w)(?<!\bund)(?<!\band)(?<!\bet)(?<!\by)[\s,;/|]+(?:photos?|fotos?|photographs?|bild(?:er)?|"
    r"pictures?|"
    r"illustrations?|grafik(?:en)?|videos?)\s*[:：]\s?.*$",
    re.I,
)
"""Photographers named after the authors: "Anna Roe, Foto: Max Mu"."""
_ENDINGS = lazy_regex(
    r"(?<=\w)\s+(?:alle (?:artikel|beiträge)|(?:view |see |show )?all (?:posts|articles|stories)|"
    r"tous (?:ses|les) articles|"
    r"(?:todos|ver) (?:los|sus) artículos|sagt|says|schreibt|writes|shares|follow|folgen)\W*$",
    re.I,
)
_FIRST_WORDS = frozenset(
    re.split(r"[\s(?\[]", phrase, maxsplit=1)[0].rstrip("s")
    for phrase in _BY_WORDS.split("|")
    if phrase[:1].isalpha()
)


def is_other_role(text: str) -> bool:
    """Say whether a text names somebody who did not write: "Reviewed by", "Fact checked by", "Edited by"."""
    return "by" in text[:40].lower() and _OTHER_ROLE.match(text) is not None


_OTHER_ROLE = lazy_regex(
    r"\W*(?:(?:medically|clinically|technically|legally|expert|last|and) )*"
    r"(?:reviewed|edited|fact[- ]?checked|checked|verified|approved|translated|updated|illustrated|"
    r"photographed) by\b",
    re.I,
)


def may_be_byline(text: str) -> bool:
    """Say whether a text's first word may begin a by-line: a quick test before `strip_by_words`."""
    if not text or len(text) > 400:
        return False
    if len(text) < 80 and " von " in text[:40]:
        return True
    if text[0] > "\u3000" or text[0] in "-–—|•·*【":
        return True
    first = text.split(maxsplit=1)[0].rstrip(":：").lower()
    return first in _FIRST_WORDS or first.rstrip("s") in _FIRST_WORDS or first[:5] in _FIRST_STARTS


_FIRST_STARTS = frozenset(word[:5] for word in _FIRST_WORDS if len(word) >= 5)


def strip_by_words(text: str) -> tuple[bool, str]:
    """Return whether the text begins like a by-line, and the text after that beginning."""
    said = False
    if found := (_LEADS.match(text) or _GLUED.match(text)):
        said, text = True, text[found.end() :]
    for _ in range(3):
        shorter = _BY_CJK.sub("", _BY.sub("", text, count=1), count=1)
        if shorter == text or _is_part_of_name(text, shorter):
            break
        said, text = True, shorter
    return said, _AFTER_CJK.sub("", text)


def _is_part_of_name(text: str, rest: str) -> bool:
    """Say whether an apparent by-word is part of a name: "Di Fiore", "Theo Lind" (theo: by in Vietnamese)."""
    found = _CAPITAL_BY.match(text)
    if not found or not rest or is_credit(rest):
        return False
    return not _VIETNAMESE.search(rest) if found[1] == "Theo" else len(rest.split()) == 1


_CAPITAL_BY = lazy_regex(r"(Theo|Di|Da|De|Von|Vom|Av|Af|Od)\s+(?=\w)")
_VIETNAMESE = lazy_regex(r"[\u0102\u0103\u0110\u0111\u01a0\u01a1\u01af\u01b0\u1ea0-\u1ef9]")


def clean_name(part: str) -> str:
    """Return one name without brackets, e-mail, mark-up, trailing signs, footnotes and role."""
    if not _MIDDLE_BRACKETS.fullmatch(part.strip()):
        part = _BRACKETED.sub("", part)
    if "@" in part:
        part = _MAILED.sub("", part)
    part = _PICTURES_BY.sub("", part)
    if part[-1:].isdigit() or part.endswith((" ago", "Press", "Reuters", "AFP")):
        part = _LAST_WORDS.sub("", part)
    part = _ROLE_LAST.sub(r"\1", _FOOTNOTES.sub(r"\1", part.rstrip(" )）]】→")))
    if _HAN_PARTED.fullmatch(part):
        part = part.replace(" ", "")
    return (
        part.strip(" \t-–—|•·*:;,/\\\"“”'’").rstrip(".") if not _INITIAL_LAST.search(part) else part.strip()
    )


_BRACKETED = lazy_regex(r"\s*[(（\[<].*$")
_MIDDLE_BRACKETS = lazy_regex(r"[^\W\d_]+ \([^\W\d_][^()]{0,30}\) [^\W\d_][\w’'-]+")
"""A name with another in brackets between its words: "Ann (Lee) Miller"."""
_MAILED = lazy_regex(r"\s*\S+@\S+.*$|\s+@\w+$")
_INITIAL_LAST = lazy_regex(r"\b[A-Z]\.$")
_PICTURES_BY = lazy_regex(r"^(?:photos?|fotos?|bilder|pictures?|illustrations?)\s*:\s*", re.I)
_FOOTNOTES = lazy_regex(r"(?<=\w )([^\W\d_]+)[\d*†‡¹²³]{1,2}$")
_LAST_WORDS = lazy_regex(
    r"(?<=\w)\s+(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|"
    r"nov|dec)[a-z]{0,6}\.? \d{1,2}$|"
    r"\s+\d+ (?:second|minute|hour|day|week|month|year)s? ago$|"
    r"(?<=\w{3})(?<!\bthe)(?<! of)\s+(?:the associated press|associated press|reuters|afp)$",
    re.I,
)
"""A day, an age or an agency after a name: "Ann Lee March 25", "Ann Lee The Associated Press"."""
_FIELDS = (
    "staff|senior|contributing|guest|freelance|city|sports?|political|business|health|science|technology|"
    "tech|"
    "food|travel|opinion|education|chief|national|deputy|managing|executive|content"
)
_ROLE_LAST = lazy_regex(
    rf"^(?!(?:{_FIELDS})\b)(\S+ \S.*?)(?:\s+(?:{_FIELDS}))?\s+"
    r"(?:writer|editor|author|contributor|reporter|correspondent|journalist|columnist)$",
    re.I,
)
_HAN_PARTED = lazy_regex(f"[{HAN}] [{HAN}]{{1,2}}")


def _only_role(name: str) -> bool:
    """Say whether a part after a name is a role instead of another person."""
    return bool(_ROLE.search(name))


@lru_cache(maxsize=2_000)
def is_credit(name: str) -> bool:
    """Say whether a name is a desk or an agency ("Reuters Staff", "Redaktion", "dpa")."""
    folded = name_key(name)
    return bool(_AGENCY.search(folded) or _DESK.search(folded))


_NOISE_WORDS = lazy_regex(
    r"\b(?:the|and|by|from|staff|news|newsroom|desk|team|editors?|editorial|board|reporters?|writers?|"
    r"report|admin\w*|"
    r"webmaster|redaktion|redazione|redaction|rédaction|redacci[óo]n|redação|redactie|redakcj[ai]|redakce|"
    r"toimitus|"
    r"die|la|el|de|agency|agencies|agentur\w*|wires?|service|services|online|guest|author|contributor|"
    r"correspondent|"
    r"special|user|anonymous|unknown|press)\b|编辑部|編輯部|本报|综合",
    re.I,
)


def is_nameless(name: str) -> bool:
    """Say whether a credit names no one: desks, staff of agencies ("Redaktion", "Reuters Staff", "admin")."""
    rest = _NOISE_WORDS.sub("", name_key(name)).strip(" -/&,.")
    return not rest or bool(_AGENCY.search(rest) and rest != name_key(name))


_ACCOUNT = lazy_regex(
    r"(?:\w+[ _-])?(?:admin\w*|web ?master|user\d*|default|root|null|none|n/?a|unknown|anonymous|guest)"
    r"(?:[ _-](?:user|author))?",
    re.I,
)


def may_sign_alone(name: str) -> bool:
    """Say whether a desk without a name is the author where nobody else signs: "Redaktion", not "admin" (an
    account of the site's software) or "Reuters Staff"."""
    folded = name_key(name)
    return _ACCOUNT.fullmatch(folded) is None and not _AGENCY.search(folded)


def is_site(name: str, site_name: str) -> bool:
    """Say whether a name is the site's own."""
    site = letters_only(site_name)
    own = letters_only(name_key(name))
    return bool(site and len(own) > 2 and (own == site or (len(site) > 4 and site in own)))


@lru_cache(maxsize=2_000)
def looks_like_a_person(name: str) -> bool:
    """Say whether a text has the form of a person's name, in any script."""
    if not 2 <= len(name) <= LONGEST_NAME or _NOT_A_NAME.search(name):
        return False
    words = name.split()
    if not words or len(words) > 6:
        return False
    if any(c.isupper() or c.islower() for c in name):  # a script with capitals
        capital = sum(1 for word in words if word[0].isupper() or word.lower() in _PARTICLE)
        return capital == len(words)
    return len(name) <= 24
