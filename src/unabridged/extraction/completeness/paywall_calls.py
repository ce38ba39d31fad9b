"""Calls to subscribe or to log in for the rest of an article, by language.

Each language has hints, in lower case, one of which stands in each of its calls: only what stands around a
hint is searched, and only with that language's patterns.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from unabridged.text.patterns import lazy_regex

AROUND = 90
"""Characters before and after a hint that are searched."""
MOST_HINTS = 8
"""Places of one language's hints that are searched."""


AFTER_CALL = 30
"""Characters after a call in which it may promise to lift all limits."""

_WITHOUT_LIMITS = lazy_regex(
    r"unlimited|without limits|unbegrenzt|unbeschränkt|illimité|sans limite|sin l[íi]mite|ilimitad|"
    r"senza limiti|illimitat|sem limite|onbeperkt|bez ograniczeń|без ограничений|безлимит|obegränsa|"
    r"ubegrenset|ubegrænset|sınırsız|无限|無限|読み放題|무제한|بلا حدود",
    re.I,
)
_GO_ON = lazy_regex(
    r"continu|keep|unlock|finish|rest|full|weiter|suite|seguir|proseguire|verder|dalej|дальше|полностью|继续|繼續|"
    r"全文|続き|this|diese|cet|est[ea]|quest|dit|この",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Calls:
    """One language's calls. subscribe: to read on one has to pay or register; known: words for those "
    "who have."""

    hints: tuple[str, ...]
    subscribe: re.Pattern[str]
    known: re.Pattern[str]


def _calls(hints: str, subscribe: str, known: str) -> Calls:
    return Calls(tuple(hints.split("|")), lazy_regex(subscribe, re.I), lazy_regex(known, re.I))


CALLS = (
    _calls(
        "subscri|reading with|reading by|to continue|to unlock|to finish|to access|reached|unlock |rest of|"
        "full |member|already|to read|to keep",
        r"(?:continue|keep|finish) reading (?:with|by) (?:a |an |your |subscri|our )|(?:subscribe|sign up|"
        r"register|log ?in|sign in|join|become a (?:member|subscriber))(?: now| today| for free)? "
        r"to (?:continue|keep|read|unlock|finish|access|view|get full)|(?:this|the|full|rest of "
        r"(?:this|the)) (?:article|story|content|post)s? (?:is|are) (?:only |exclusive(?:ly)? |just )?"
        r"(?:available |reserved |open )?(?:for|to|with a?) ?(?:our |[\w+]{2,12} )?"
        r"(?:paid |paying |registered |premium )?"
        r"(?:subscri|members)|(?:for|to) (?:paying )?subscribers only|subscriber[- ](?:only|exclusive)|"
        r"subscribers? exclusive|exclusive (?:to|for) (?:our )?(?:subscribers|members)|(?:read|"
        r"continue reading|"
        r"see) (?:the )?(?:rest|full|whole|remainder)(?: of)? .{0,30}(?:subscri|member|account|plan)|"
        r"to (?:read|"
        r"continue reading) (?:the (?:rest|full|whole)|this)|(?:article|story) is exclusive to|"
        r"you(?:'ve|’ve| "
        r"have) (?:reached|used|read) (?:your|all|the) .{0,24}(?:limit|articles)|unlock (?:this|the full|the "
        r"rest) |subscription (?:is )?required",
        r"already (?:a (?:subscriber|member)|subscribed|have an account)",
    ),
    _calls(
        "weiterlesen|weiter lesen|lesen sie|freischalten|abonn|weiterzulesen|ihren zugang|diesen "
        "artikel| abo|"
        "exklusiv|ist nur|ist kosten|ist ein plus|vollständigen|ganzen |mitglieder|bereits|schon ",
        r"(?:jetzt |artikel |hier |sofort )?(?:weiter ?lesen|freischalten) mit\b|mit .{0,24}(?:plus|\+|"
        r"abo)\W? "
        r"(?:weiter)?lesen|(?:nur|exklusiv) für .{0,20}(?:abonnent|mitglieder|plus|digital)|abonnieren,? um "
        r"weiter|(?:diesen|ganzen|vollen|vollständigen) (?:artikel|text|beitrag) .{0,30}(?:abo\b|lesen sie|"
        r"freischalt|weiterlesen)|wählen sie ihren zugang|jetzt diesen artikel lesen|um (?:weiterzulesen|den "
        r"(?:ganzen|vollständigen))|(?:artikel|beitrag|inhalt) ist (?:nur |kosten|ein plus|exklusiv)|"
        r"möchten sie "
        r"weiterlesen",
        r"(?:bereits|schon) (?:ein )?(?:abo\b|abonnent|kunde|registriert|mitglied)|ich bin abonnent",
    ),
    _calls(
        "abonn|il vous reste|la suite|la lecture|l’intégralité|l'intégralité",
        r"(?:réservée?s?|exclusi\w+) (?:aux|à nos|pour les) abonnés|il vous reste \d+\s?% |abonnez-vous pour "
        r"(?:lire|continuer|accéder|découvrir)|(?:lire|poursuivre|accéder à) (?:la suite|l.intégralité|la "
        r"lecture).{0,40}(?:abonn|offre)",
        r"déjà abonnée?",
    ),
    _calls(
        "suscr|socios|abonados|leyendo",
        r"(?:exclusiv\w+|s[oó]lo|reservado|únicamente) (?:para|a) (?:nuestros )?(?:suscriptores|socios|"
        r"abonados)|suscr[íi]b[aeí]\w*(?: ahora)? para (?:seguir|continuar|leer|acceder)|para (?:seguir|"
        r"continuar) leyendo",
        r"ya (?:eres|es|soy) (?:suscriptor|socio)",
    ),
    _calls(
        "abbona|per continuare|per proseguire",
        r"(?:riservat\w+|solo|esclusiv\w+) (?:agli|per gli|per i nostri) abbonati|abbonati per (?:continuare|"
        r"leggere (?:l.articolo|tutt|il resto))|per (?:continuare a|proseguire la) le[gt]\w+",
        r"(?:sei|hai) già (?:un )?abbona",
    ),
    _calls(
        "assin|subscritor|a ler|lendo",
        r"(?:exclusiv\w+|apenas|só|somente|restrito) (?:para|a) (?:os )?(?:nossos )?(?:assinantes|"
        r"subscritores)|"
        r"assine (?:já |agora )?para (?:ler (?:o|a|este|mais)|continuar|ter acesso)|para (?:continuar|"
        r"seguir) (?:a ler|lendo)",
        r"já (?:é|sou) assinante",
    ),
    _calls(
        "abonne|premium|leden|word lid|verder",
        r"(?:alleen|exclusief|enkel) voor (?:onze )?(?:abonnee|leden|premium)|word (?:nu )?(?:abonnee|"
        r"lid) (?:om|"
        r"en lees)|(?:om )?verder (?:te )?lezen\? ",
        r"(?:al|reeds|ben je al) abonnee",
    ),
    _calls(
        "abonn|prenumer|medlem|logga in|logg inn|hele saken|tilaaj",
        r"(?:kun|bare|endast|bara) (?:for|för) (?:abonnent|prenumerant|medlem)|for abonnenter|för "
        r"prenumeranter|"
        r"logg inn for å|logga in för att läsa|bli (?:prenumerant|abonnent)|les hele saken|læs (?:hele|"
        r"videre) "
        r".{0,20}abonn|(?:vain )?tilaajille",
        r"(?:redan|allerede) (?:prenumerant|abonnent|kunde|medlem)",
    ),
    _calls(
        "prenumer|subskry|abonent|pozostało|dostęp|czytać|przeczytać|předplatitel|predplatite|előfizető|abonaț",
        r"(?:tylko|wyłącznie) dla (?:naszych )?(?:prenumeratorów|subskrybentów|abonentów)|pozostało .{0,12}% "
        r"(?:artykułu|tekstu)|dostęp do (?:całego|pełnego|dalszej)|aby (?:czytać dalej|przeczytać "
        r"cały)|(?:pouze|"
        r"jen) pro předplatitele|len pre predplatiteľov|csak előfizető|előfizetőink|doar (?:pentru )?abonați",
        r"(?:masz już|jesteś już) (?:prenumerat|subskry|dostęp)",
    ),
    _calls(
        "подпис|дочитать|читать |платник",
        r"(?:только|лишь) (?:для|по) подписчик|доступ\w* (?:только )?(?:по подписк|подписчик)|"
        r"(?:оформите|купите) "
        r"подписку,? чтобы|чтобы (?:дочитать|читать (?:дальше|полностью))|доступно (?:лише|тільки) (?:для )?"
        r"(?:перед)?платник",
        r"уже (?:есть подписка|подписаны|подписчик)",
    ),
    _calls(
        "会员|付费|订阅|登录|注册|开通|剩余|會員|訂|登入|已有",
        r"(?:会员|付费|订阅者)(?:专享|专属|可见|内容|阅读)|(?:登录|注册|订阅|开通\S{0,6})后?(?:可|即可|继续)?"
        r"(?:继续)?(?:阅读|查看)(?:全文|剩余|更多|完整)|剩余.{0,8}(?:付费|会员|%)|(?:會員|訂戶)(?:專屬|限定|專享)|"
        r"(?:訂閱|登入|加入會員).{0,8}(?:全文|繼續閱讀|完整)",
        r"已是(?:会员|訂戶|會員)|已有(?:帐号|账号|帳號)",
    ),
    _calls(
        "会員|購読|登録|この記事|残り|続き",
        r"(?:会員|購読者|登録者)(?:限定|専用)の?記事です|この記事は.{0,16}(?:有料|会員|購読)|"
        r"残り\s?[\d,]+\s?(?:文字|%)|続き(?:を|は).{0,14}(?:読むには|会員|登録|ログイン|有料|購読)|"
        r"(?:登録|ログイン)(?:すると|して).{0,6}続き",
        r"会員の方は",
    ),
    _calls(
        "فقط|اشترك|سجل|القراءة|مشترك|유료|구독|회원|로그인|abone|συνδρομητές|pelanggan|member|thuê bao|"
        "hội viên",
        r"(?:للمشتركين|للأعضاء) فقط|(?:اشترك|سجل)\S* (?:الآن )?(?:لمتابعة|لقراءة|لمواصلة)|لمتابعة القراءة|"
        r"유료 ?(?:회원|기사|구독)|(?:구독자|회원) ?(?:전용|만)|(?:구독|로그인)\S* .{0,10}(?:계속|전문)|"
        r"(?:yalnızca|sadece) abone|(?:μόνο για|αποκλειστικά για) συνδρομητές|"
        r"(?:khusus|hanya untuk) (?:pelanggan|member)|dành (?:riêng )?cho (?:thuê bao|hội viên)",
        r"هل أنت مشترك|zaten abone",
    ),
)


def find_call(told: str, *, known: bool) -> str:
    """Return the words of a text that call for a subscription, "" for none.

    known: those that ask who has subscribed already count too; every site of a paper that is sold has them.
    """
    folded = told.lower()
    for calls in CALLS:
        for start, end in islice(_spans(folded, calls.hints), MOST_HINTS):
            found = calls.subscribe.search(told, start, end)
            if found is None and known:
                found = calls.known.search(told, start, end)
            if found is not None and not _is_offer(told, found):
                return found[0]
    return ""


def _is_offer(told: str, found: re.Match[str]) -> bool:
    """Say whether a call is a meter's or the site's own offer ("subscribe to read without limits"): it
    promises more articles, not the rest of this one."""
    promised = _WITHOUT_LIMITS.search(told, found.start(), found.end() + AFTER_CALL)
    return promised is not None and _GO_ON.search(found[0]) is None


def _spans(folded: str, hints: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Yield the spans around hints, none within another, in the order of the text."""
    end = -1
    for place in sorted(_places(folded, hints)):
        if place >= end:
            end = place + AROUND
            yield max(0, place - AROUND), end


def _places(folded: str, hints: tuple[str, ...]) -> Iterator[int]:
    """Yield where hints stand in a text: the first two places of each, far enough from each other."""
    for hint in hints:
        place = folded.find(hint)
        if place >= 0:
            yield place
            again = folded.find(hint, place + AROUND)
            if again >= 0:
                yield again
