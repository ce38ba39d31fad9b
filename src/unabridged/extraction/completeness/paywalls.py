"""Signs of a paywall: calls to subscribe or to log in for the rest of this article, declared prices."""

import re
from collections.abc import Iterator

from unabridged.extraction.completeness.endings import breaks_off, ends_with_more
from unabridged.extraction.completeness.facts import SHORT, VERY_SHORT, Facts

TEASER = 60
"""Words; a shorter text of an article that is not free is taken for its teaser without another sign."""
DECLARED_SHORT = 250
"""Words; below, a call anywhere on a page that declares a price concerns this text."""
LONG = 600
"""Words; a longer text is whole, whatever follows it. The longest opening before a call had 390."""
WHOLE_SHARE = 0.8
"""Of the declared length: a text as long as this is whole."""

_CALLS = re.compile(
    r"(?:subscribe|sign up|register|log ?in|sign in|join|become a (?:member|subscriber))(?: now| today|"
    r" for free)? to (?:continue|keep|read|unlock|finish|access|view|get full)|"
    r"(?:this|the|full|rest of (?:this|the)) (?:article|story|content|post)s? (?:is|are) (?:only |exclusive"
    r"(?:ly)? |just )?(?:available |reserved |open )?(?:for|to|with a?) ?(?:our |[\w+]{2,12} )?(?:paid |"
    r"paying |registered |premium )?(?:subscri|members)|(?:for|to) (?:paying )?subscribers only|"
    r"subscriber[- ](?:only|exclusive)|subscribers? exclusive|exclusive (?:to|for) (?:our )?(?:subscribers|"
    r"members)|"
    r"(?:read|continue reading|see) (?:the )?(?:rest|full|whole|remainder)(?: of)? .{0,30}(?:subscri|member|"
    r"account|plan)|to (?:read|continue reading) (?:the (?:rest|full|whole)|this)|(?:article|story) is "
    r"exclusive to|(?:you(?:'ve|’ve| have)) (?:reached|used|read) (?:your|all|the) .{0,24}(?:limit|articles)|"
    r"unlock (?:this|the full|the rest) |subscription (?:is )?required|"
    r"(?:jetzt |artikel |hier |sofort )?(?:weiterlesen|freischalten) mit\b|mit .{0,24}(?:plus|\+|abo)\W? "
    r"(?:weiter)?lesen|(?:nur|exklusiv) für .{0,20}(?:abonnent|mitglieder|plus|digital)|abonnieren,? um "
    r"weiter|(?:diesen|ganzen|vollen|vollständigen) (?:artikel|text|beitrag) .{0,30}(?:abo\b|lesen sie|"
    r"freischalt|weiterlesen)|wählen sie ihren zugang|jetzt diesen artikel lesen|um (?:weiterzulesen|den "
    r"(?:ganzen|vollständigen))|(?:artikel|beitrag|inhalt) ist (?:nur |kosten|ein plus|exklusiv)|"
    r"(?:réservée?s?|exclusi\w+) (?:aux|à nos|pour les) abonnés|il vous reste \d+\s?% |abonnez-vous pour "
    r"(?:lire|continuer|accéder|découvrir)|(?:lire|poursuivre|accéder à) (?:la suite|l.intégralité|la "
    r"lecture).{0,40}(?:abonn|offre)|"
    r"(?:exclusiv\w+|s[oó]lo|reservado|únicamente) (?:para|a) (?:nuestros )?(?:suscriptores|socios|"
    r"abonados)|suscr[íi]b[aeí]\w*(?: ahora)? para (?:seguir|continuar|leer|acceder)|para (?:seguir|"
    r"continuar) leyendo|"
    r"(?:riservat\w+|solo|esclusiv\w+) (?:agli|per gli|per i nostri) abbonati|abbonati per (?:continuare|"
    r"leggere (?:l.articolo|tutt|il resto))|per (?:continuare a|proseguire la) legg?\w+|"
    r"(?:exclusiv\w+|apenas|só|somente|restrito) (?:para|a) (?:os )?(?:nossos )?(?:assinantes|subscritores)|"
    r"assine (?:já |agora )?para (?:ler|continuar|ter acesso)|para (?:continuar|seguir) (?:a ler|lendo)|"
    r"(?:alleen|exclusief|enkel) voor (?:onze )?(?:abonnee|leden|premium)|word (?:nu )?(?:abonnee|lid) (?:om|"
    r"en lees)|(?:om )?verder (?:te )?lezen\? |(?:kun|bare|endast|bara) (?:for|för) (?:abonnent|"
    r"prenumerant|medlem)|for abonnenter|för prenumeranter|logg inn for å|logga in för att läsa|"
    r"bli (?:prenumerant|abonnent)|les hele saken|læs (?:hele|videre) .{0,20}abonn|"
    r"(?:vain )?tilaajille|(?:tylko|wyłącznie) dla (?:naszych )?(?:prenumeratorów|subskrybentów|"
    r"abonentów)|pozostało .{0,12}% (?:artykułu|tekstu)|dostęp do (?:całego|pełnego|dalszej)|aby "
    r"(?:czytać dalej|przeczytać cały)|(?:только|лишь) (?:для|по) подписчик|доступ\w* (?:только )?"
    r"(?:по подписк|подписчик)|(?:оформите|купите) подписку,? чтобы|чтобы (?:дочитать|читать (?:дальше|"
    r"полностью))|доступно (?:лише|тільки) (?:для )?(?:перед)?платник|"
    r"(?:pouze|jen) pro předplatitele|len pre predplatiteľov|csak előfizető|előfizetőink|doar (?:pentru )?"
    r"abonați|(?:yalnızca|sadece) abone|(?:μόνο για|αποκλειστικά για) συνδρομητές|"
    r"(?:للمشتركين|للأعضاء) فقط|(?:اشترك|سجل)\S* (?:الآن )?(?:لمتابعة|لقراءة|لمواصلة)|لمتابعة القراءة|"
    r"(?:会员|付费|订阅者)(?:专享|专属|可见|内容|阅读)|(?:登录|注册|订阅|开通\S{0,6})后?(?:可|即可|继续)?"
    r"(?:继续)?(?:阅读|查看)(?:全文|剩余|更多|完整)|剩余.{0,8}(?:付费|会员|%)|(?:會員|訂戶)(?:專屬|限定|專享)|"
    r"(?:訂閱|登入|加入會員).{0,8}(?:全文|繼續閱讀|完整)|"
    r"(?:会員|購読者|登録者)(?:限定|専用)(?:の?記事|です|となって|コンテンツ)|この記事は.{0,16}(?:有料|会員|購読)|残り\s?[\d,]+\s?(?:文字|%)|"
    r"続き(?:を|は).{0,14}(?:読むには|会員|登録|ログイン|有料|購読)|(?:登録|ログイン)(?:すると|して).{0,6}続き|"
    r"유료 ?(?:회원|기사|구독)|(?:구독자|회원) ?(?:전용|만)|(?:구독|로그인)\S* .{0,10}(?:계속|전문)|"
    r"(?:khusus|hanya untuk) (?:pelanggan|member)|dành (?:riêng )?cho (?:thuê bao|hội viên)",
    re.I,
)
_KNOWN_READERS = re.compile(
    r"already (?:a (?:subscriber|member)|subscribed|have an account)|(?:bereits|schon) (?:ein )?(?:abo\b|"
    r"abonnent|kunde|registriert|mitglied)|déjà abonnée?|ya (?:eres|es|soy) (?:suscriptor|socio)|"
    r"(?:sei|hai) già (?:un )?abbona|já (?:é|sou) assinante|(?:al|reeds|ben je al) abonnee|"
    r"(?:masz już|jesteś już) (?:prenumerat|subskry|dostęp)|уже (?:есть подписка|подписаны|подписчик)|"
    r"(?:redan|allerede) (?:prenumerant|abonnent|kunde|medlem)|已是(?:会员|訂戶|會員)|已有(?:帐号|账号|帳號)|"
    r"会員の方は|هل أنت مشترك|zaten abone",
    re.I,
)
_HINTS = (
    "subscri", "to continue", "to keep", "to read", "to unlock", "to finish", "to access", "member",
    "reached", "unlock ", "rest of", "already", "weiterlesen", "freischalten", "abonn", "weiterzulesen",
    "für ", "diesen artikel", "zugang", "ganzen", "vollständigen", "bereits", "schon", " abo", "artikel ist",
    "beitrag ist", "inhalt ist", "il vous reste", "la suite", "lecture", "suscri", "suscrí", "socios",
    "abonados", "leyendo", "abbonat", "legg", "assin", "subscritores", "a ler", "lendo", "leden", "verder",
    "prenumer", "logg", "medlem", "hele", "tilaajille", "tylko", "wyłącznie", "pozostało", "dostęp", "aby ",
    "masz", "jesteś", "подпис", "чтобы", "платник", "předplatitel", "predplatite", "előfizető", "abone",
    "συνδρομητές", "فقط", "اشترك", "سجل", "القراءة", "مشترك", "会员", "付费", "订阅", "登录", "注册", "开通",
    "剩余", "會員", "訂", "登入", "已有", "会員", "購読", "登録", "この記事", "残り", "続き", "유료", "구독", "회원", "로그인",
    "khusus", "hanya", "dành",
)  # fmt: skip
"""Every alternative above contains one of these, in lower case. A quick test before the slow ones."""


def paywalled(facts: Facts) -> Iterator[str]:
    """Yield signs of a paywall. A text as long as the page declares is whole all the same."""
    free, words = facts.metadata.free, facts.words
    if words >= LONG or (words >= SHORT and free is True) or _as_long_as_declared(facts):
        return
    called = _call(facts.near, words, free is False)
    if not called and free is False and words < DECLARED_SHORT:
        called = _call(facts.page, words, known=False)
    cut = (ends_with_more(facts) or breaks_off(facts)) if words < SHORT and free is False else ""
    if free is False and (called or words < TEASER or cut):
        yield "the structured data says that it is not free (isAccessibleForFree)"
    if called and (free is False or words < SHORT):
        yield f"the page calls for a subscription: “{called[:80]}”"


def _call(told: str, words: int, known: bool) -> str:
    """Return the words that call for a subscription; known: those that ask subscribers in count too."""
    folded = told.lower()
    if not any(hint in folded for hint in _HINTS):
        return ""
    found = _CALLS.search(told) or (_KNOWN_READERS.search(told) if known or words < VERY_SHORT else None)
    return found[0] if found else ""


def _as_long_as_declared(facts: Facts) -> bool:
    declared = len(facts.metadata.article_body)
    if declared > 800 and len(facts.text) >= WHOLE_SHARE * declared:
        return True
    counted = facts.metadata.word_count or 0
    return counted > VERY_SHORT and facts.words >= WHOLE_SHARE * counted
