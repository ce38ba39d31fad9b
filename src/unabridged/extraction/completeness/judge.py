"""Judgement whether an article's text is complete, with the evidence in words.

Precision before recall: text is reported missing only on a sign that a person would accept. A long text with
none of the signs below is full. Expensive signs are looked for only if the text is short or the page declares
that it is not free.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, partial
from itertools import chain, islice

from unabridged.extraction.completeness.app_shell import loads_its_text
from unabridged.extraction.completeness.consent_walls import asks_consent
from unabridged.extraction.html.dom import CUT, NOT_WRITTEN, Dom, Element, Node, Text
from unabridged.extraction.metadata.read import Metadata
from unabridged.model import Completeness
from unabridged.text.words import estimate_words

SHORT = 350  # words; a shorter text may be a teaser. 9 in 10 news articles of the corpora have more than 120
VERY_SHORT = 120
LEAST_TEXT = 20  # words; below, the whole page is searched for consent requests
MAX_LOOKED = 20_000  # nodes
MAX_TEXT = 25_000  # characters of the page's text that are searched
LONGEST_CALL = 40  # characters of a "read more" that stands alone
LONGEST_END = 400  # characters at the end of a text that are searched for a "read more"

_BLOCKED_TITLES = re.compile(
    r"^\W*(?:just a moment|attention required|access (?:to this page has been )?denied|(?:error )?403\b|"
    r"forbidden|"
    r"are you (?:a )?(?:human|robot)|robot or human|verif(?:y|ying) (?:that )?you are (?:a )?human|human "
    r"verification|"
    r"pardon our interruption|security (?:check|verification)|bot verification|captcha|please wait|one "
    r"more step|"
    r"checking your browser|ddos[- ]guard|request (?:blocked|rejected)|you have been blocked|unusual traffic|"
    r"zugriff verweigert|sicherheitsüberprüfung|accès refusé|vérification de sécurité|acceso denegado|"
    r"accesso negato|"
    r"acesso negado|toegang geweigerd|доступ (?:ограничен|запрещен|запрещён)|вы не робот|odmowa dostępu|"
    r"erişim engellendi|"
    r"访问验证|安全验证|人机验证|访问被拒绝|アクセスが拒否|접근이 거부|تم رفض الوصول)",
    re.I,
)
_BLOCKED_WORDS = re.compile(
    r"enable javascript and cookies to continue|checking (?:if the site connection is secure|your browser)|"
    r"verify (?:that )?you are (?:a )?(?:human|not a robot)|you(?:'ve| have) been blocked|press (?:&|and) "
    r"hold|"
    r"unusual (?:traffic|activity) from your|complete the (?:captcha|security check)|why did this happen\?|"
    r"you don't have permission to access|bitte bestätigen sie, dass sie kein roboter|подтвердите, что вы "
    r"не робот|"
    r"请完成(?:安全|人机)?验证|slide to verify|ロボットではない",
    re.I,
)
_CONSENT_WORDS = re.compile(
    r"(?:accept|manage|agree to) (?:all )?(?:cookies|and continue)|we (?:and our partners|value your "
    r"privacy)|"
    r"mit werbung (?:und tracking )?(?:weiterlesen|lesen)|zustimmen und weiter|pur-abo|alle akzeptieren|"
    r"continuer sans accepter|accepter et (?:continuer|fermer)|aceptar y continuar|accetta e continua|"
    r"accepteren en doorgaan|akceptuję i przechodzę",
    re.I,
)
_PAYWALL_WORDS = re.compile(
    r"(?:subscribe|sign up|register|log ?in|sign in|become a member)(?: now| today)? to (?:continue|keep|"
    r"read|unlock|finish)|"
    r"(?:this|the) (?:article|story|content|post) is (?:only |exclusively )?(?:available |reserved "
    r")?(?:for|to) "
    r"(?:our )?(?:paid |paying |registered )?(?:subscribers|members)|(?:for|to) subscribers only|"
    r"subscriber[- ]only|"
    r"already a (?:subscriber|member)\?|to (?:read|continue reading) (?:the (?:rest|full)|this)|"
    r"you(?:'ve| have) reached your (?:free |monthly )?(?:article )?limit|unlock (?:this|the full) "
    r"(?:article|story)|"
    r"(?:jetzt|artikel) (?:weiterlesen|freischalten) mit|mit .{0,20}(?:plus|abo)\W? weiterlesen|nur für "
    r"abonnent|"
    r"abonnieren,? um weiterzulesen|exklusiv für (?:abonnent|mitglieder)|sie (?:haben|sind) (?:bereits|"
    r"schon) (?:ein )?abo|"
    r"réservé (?:aux|à nos) abonnés|il vous reste \d+\s?% de cet article|abonnez-vous pour (?:lire|"
    r"continuer)|déjà abonné|"
    r"(?:exclusivo|solo|sólo) para (?:suscriptores|socios)|suscríbe(?:te|se) para (?:seguir|continuar|leer)|"
    r"riservato agli abbonati|abbonati per (?:continuare|leggere)|(?:exclusivo|apenas) para assinantes|"
    r"assine para (?:ler|continuar)|"
    r"alleen voor abonnees|word abonnee om|verder lezen\? |(?:kun )?for abonnenter|för prenumeranter|logg "
    r"inn for å lese|"
    r"(?:vain )?tilaajille|tylko dla (?:prenumeratorów|subskrybentów)|pozostało .{0,12}% artykułu|dostęp "
    r"do (?:całego|pełnego) artykułu|"
    r"только (?:для|по) подписчик|доступ(?:ен|на) (?:только )?подписчик|доступно (?:лише|тільки) (?:для "
    r")?(?:перед)?платник|"
    r"pouze pro předplatitele|csak előfizető|yalnızca aboneler|للمشتركين فقط|"
    r"会员专享|付费阅读|订阅后(?:可|继续)?阅读|剩余.{0,8}(?:付费|会员)|會員(?:專屬|限定)|"
    r"訂閱.{0,6}(?:全文|繼續閱讀)|"
    r"(?:有料)?会員限定|この記事は.{0,12}(?:有料|会員)|残り\s?[\d,]+\s?文字|続きを読むには|유료 (?:회원|"
    r"기사)|구독자 전용",
    re.I,
)
_PAYWALL_HINTS = (
    "to continue", "to keep", "to read", "to unlock", "to finish", "subscriber", "members", "already a ",
    "reached your", "unlock ", "weiterlesen", "freischalten", "abonnent", "weiterzulesen", "exklusiv für",
    "sie haben", "sie sind", "abonné", "il vous reste", "abonnez-vous", "para suscriptores", "para socios",
    "suscríbe", "abbonati", "assinantes", "assine para", "abonnee", "verder lezen", "prenumeranter",
    "logg inn", "tilaajille", "tylko dla", "pozostało", "dostęp do", "подписчик", "платник", "předplatitele",
    "csak előfizető", "yalnızca aboneler", "للمشتركين فقط", "会员", "付费", "订阅后", "會員", "訂閱", "会員",
    "この記事は", "残り", "続きを読むには", "유료 ", "구독자",
)  # fmt: skip
"""Every alternative of the calls above contains one of these, in lower case."""
_GONE_TITLES = re.compile(
    r"\b404\b|^\W*(?:page|article|content|file) (?:was |could )?not (?:be )?found|page (?:doesn.t exist|"
    r"unavailable)|"
    r"seite (?:wurde )?nicht gefunden|page (?:introuvable|non trouvée)|página no encontrada|pagina non "
    r"trovata|"
    r"página não encontrada|pagina niet gevonden|страница не найдена|strona nie (?:została )?znaleziona|"
    r"页面不存在|找不到(?:页面|頁面)|ページが見つかりません|페이지를 찾을 수 없",
    re.I,
)
_CUT = re.compile(
    r"(?:\[?(?:…|\.\.\.)\]?|\b(?:read more|continue reading|read the full (?:story|article)|weiterlesen|"
    r"mehr lesen|lire la suite|"
    r"leer más|seguir leyendo|leggi tutto|continua a leggere|leia mais|lees (?:meer|verder)|czytaj "
    r"(?:dalej|więcej)|"
    r"читать (?:далее|дальше|полностью)|читати далі|devamını oku|阅读全文|查看更多|閱讀全文|続きを読む|"
    r"더보기)\W*)$",
    re.I,
)
_CUT_HINTS = (
    "…", "...", "read more", "continue reading", "read the full", "weiterlesen", "mehr lesen", "la suite",
    "leer m", "seguir leyendo", "leggi tutto", "continua a leggere", "leia mais", "lees ", "czytaj", "читат",
    "devam", "阅读全文", "查看更多", "閱讀全文", "続きを読む", "더보기",
)  # fmt: skip
"""Every alternative of such a call contains one of these, in lower case."""
_LISTS = frozenset(
    "website webpage collectionpage searchresultspage itemlist product productgroup profilepage aboutpage "
    "contactpage "
    "itempage organization localbusiness jobposting product.item profile books.book music.song video.other "
    "game".split()
)


def judge(
    dom: Dom,
    metadata: Metadata,
    text: str,
    *,
    signals: Mapping[str, float] | None = None,
    feed_text: str = "",
    cuts: Sequence[str] = (),
) -> Completeness:
    """Judge whether `text` is the page's whole article.

    signals: figures of the selection, if there are any: "page_links", the share of linked words;
    "read_more_follows", 1 if a "read more" follows the text. feed_text: plain text of the feed's entry; a
    complete text should not be much shorter. cuts: notes on our own limits that cut the text.
    """
    words = estimate_words(text)
    page = cache(partial(_page_text, dom))
    for kind, signs in (
        ("blocked", _blocked(dom, metadata, text, words, page)),
        ("not_an_article", _gone(metadata, words)),
        ("paywalled", _paywalled(metadata, text, words, page)),
        ("truncated", _truncated(dom, metadata, text, words, feed_text)),
        ("truncated", (_cut_evidence(note.removeprefix(CUT)) for note in cuts)),
        ("truncated", loads_its_text(dom, words)),
        ("truncated", _read_more_follows(words, signals or {})),
        ("not_an_article", _no_article(metadata, words, signals or {})),
    ):
        if evidence := tuple(signs):
            return Completeness(kind=kind, evidence=evidence)  # type: ignore[arg-type]
    return Completeness(kind="full", evidence=_full_evidence(metadata, words))


def _cut_evidence(note: str) -> str:
    """Return the evidence for a note on text that we left out: by a limit, or because it was not written."""
    return note if NOT_WRITTEN in note else f"cut by our own limit: {note}"


Page = Callable[[], str]
"""Returns the page's visible text; read on first use, which most articles never need."""


def _page_text(dom: Dom) -> str:
    """Return the page's visible text on one line, up to a cap."""
    pieces: list[str] = []
    remaining = MAX_TEXT
    for looked, node in enumerate(dom.body.descendants):
        if looked > MAX_LOOKED or remaining <= 0:
            break
        if type(node) is not Text or node.data.isspace():
            continue
        if type(node.parent) is Element and node.parent.tag in ("script", "style", "template"):
            continue
        pieces.append(node.data[:remaining])
        remaining -= len(node.data)
    return " ".join(" ".join(pieces).split())


def _blocked(dom: Dom, metadata: Metadata, text: str, words: int, page: Page) -> Iterator[str]:
    """Yield signs that the page is a bot check or a consent wall."""
    if words >= SHORT:
        return
    told = text if words >= LEAST_TEXT else page()
    asked = asks_consent(dom, told)
    if (words >= VERY_SHORT and not asked) or estimate_words(page()) > 2 * SHORT:
        return
    if words < VERY_SHORT and _BLOCKED_TITLES.search(metadata.title):
        yield f"the title is that of a bot check: “{metadata.title[:80]}”"
    if words < VERY_SHORT and (found := _BLOCKED_WORDS.search(page())):
        yield f"the page asks for a check: “{found[0][:80]}”"
    if asked:
        yield f"the page is only a request for consent: “{asked[:80]}”"
    dated = any(clock.origin != "feed" for clock in metadata.clocks)
    little = words < VERY_SHORT and not dated and estimate_words(page()) < 4 * VERY_SHORT
    if little and (found := _CONSENT_WORDS.search(told)):
        yield f"the page is mostly a request for consent: “{found[0][:80]}”"
    if (
        words < 20
        and dom.select("#challenge-form,#challenge-error-text,form[action*=captcha],iframe[src*=captcha]")[:1]
    ):
        yield "the page contains a captcha and no text"


def _gone(metadata: Metadata, words: int) -> Iterator[str]:
    if words < VERY_SHORT and _GONE_TITLES.search(metadata.title):
        yield f"the title says that the page is gone: “{metadata.title[:80]}”"


def _paywalled(metadata: Metadata, text: str, words: int, page: Page) -> Iterator[str]:
    """Yield signs of a paywall. A text as long as the page declares it is complete all the same."""
    if _as_long_as_declared(metadata, text):
        return
    suspect = words < VERY_SHORT or metadata.free is False or _cut(text)
    told = page() if suspect and (words < SHORT or metadata.free is False) else ""
    called = _PAYWALL_WORDS.search(told) if told and _may_call(told) else None
    if metadata.free is False and (words < VERY_SHORT or called):
        yield "the structured data says that it is not free (isAccessibleForFree)"
    if called:
        yield f"the page calls for a subscription: “{called[0][:80]}”"


def _may_call(page: str) -> bool:
    """Say whether a page contains any of the hints that every subscription call has. A quick test before the
    slow one."""
    folded = page.lower()
    return any(hint in folded for hint in _PAYWALL_HINTS)


def _cut(text: str) -> re.Match[str] | None:
    """Return the "read more" at the end of a text. Testing for hints first is 50 times as fast."""
    end = text.rstrip()[-LONGEST_END:]
    folded = end.lower()
    return _CUT.search(end) if any(hint in folded for hint in _CUT_HINTS) else None


def _as_long_as_declared(metadata: Metadata, text: str) -> bool:
    declared = len(metadata.article_body)
    return declared > 800 and len(text) >= 0.8 * declared


def _truncated(dom: Dom, metadata: Metadata, text: str, words: int, feed_text: str) -> Iterator[str]:
    """Yield signs that the text continues elsewhere."""
    if dom.broken_off and text and _folded(text).endswith(_last_words(dom)):
        yield "the page breaks off in the middle of the text"
    declared = len(metadata.article_body)
    if declared > 600 and len(text) < 0.5 * declared:
        yield f"the structured data holds {declared} characters of text, the page's text {len(text)}"
    end = text.rstrip()
    if words < VERY_SHORT and (found := _cut(end)) and not _ends_in_quotation(end):
        yield f"the short text ends with “{found[0].strip()[:40]}”"
    fed = estimate_words(feed_text)
    if fed > 1.5 * words and fed > words + 60:
        yield f"the feed's own text has {fed} words, the page's {words}"


def is_read_more(text: str) -> bool:
    """Say whether a short text is only a "read more" ("Continue reading")."""
    return 0 < len(text) <= LONGEST_CALL and bool(_CUT.match(text.lstrip(" >»›→[(")))


def _read_more_follows(words: int, signals: Mapping[str, float]) -> Iterator[str]:
    if words < VERY_SHORT and words and signals.get("read_more_follows"):
        yield "a “read more” follows the short text"


def _last_words(dom: Dom) -> str:
    """Return the end of the page's last text, without white space."""
    node: Node | None = dom.body
    while node is not None and len(node):  # descend to the very last node of the page
        node = node[-1]
    before = chain((node,), node.preceding) if node is not None else iter(())
    for last in islice(before, MAX_LOOKED):
        if type(last) is Text and not last.data.isspace():
            parent = last.parent
            if type(parent) is not Element or parent.tag not in ("script", "style", "template"):
                return _folded(last.data)[-40:]
    return ""


def _folded(text: str) -> str:
    return "".join(text[-400:].split())


def _ends_in_quotation(end: str) -> bool:
    return end.endswith(("...”", '..."', "…”", '…"', "…»"))


def _no_article(metadata: Metadata, words: int, signals: Mapping[str, float]) -> Iterator[str]:
    """Yield signs that the page is a list, a shop page or empty."""
    kind = (metadata.kind or "").lower()
    dated = metadata.published is not None or bool(metadata.authors)
    if words == 0:
        yield "no text was found"
    elif kind in _LISTS and not dated and words < SHORT and signals.get("page_links", 1.0) > 0.5:
        yield f"the page calls itself {metadata.kind}, has neither date nor author and {words} words of text"


def _full_evidence(metadata: Metadata, words: int) -> tuple[str, ...]:
    """Return the evidence for a complete text."""
    found = [f"{words} words, no sign of a cut"]
    if metadata.free is True:
        found.append("the structured data says that it is free")
    return tuple(found)
