"""Signs that a page stands in the article's place: bot checks, refusals, log-ins."""

import re
from collections.abc import Iterator

from unabridged.extraction.completeness.facts import LEAST_TEXT, SHORT, VERY_SHORT, Facts
from unabridged.text.patterns import lazy_regex

MOST_WORDS = 250
"""Words of a page that is only a bot check; such pages say little."""

_BLOCKED_TITLES = lazy_regex(
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
    r"making sure you(?:.re| are) not a bot|un instant\W*$|un momento\W*$|einen moment\W*$|"
    r"подождите\W*$|请稍候|"
    r"访问验证|安全验证|人机验证|访问被拒绝|アクセスが拒否|접근이 거부|تم رفض الوصول)",
    re.I,
)
_BLOCKED_WORDS = lazy_regex(
    r"enable javascript and cookies to continue|checking (?:if the site connection is secure|your browser)|"
    r"verify (?:that )?you are (?:a )?(?:human|not a robot)|you(?:'ve| have) been blocked|press (?:&|and) "
    r"hold|"
    r"unusual (?:traffic|activity) from your|complete the (?:captcha|security check)|why did this happen\?|"
    r"you don't have permission to access|bitte bestätigen sie, dass sie kein roboter|подтвердите, что вы "
    r"не робот|"
    r"(?:confirm|prove|show|ensure|check) (?:that )?you(?:.re| are) (?:a )?(?:human|not a (?:bot|robot))|"
    r"i.?m not a robot|ich bin kein roboter|(?:que vous êtes|je suis) (?:un )?humain|je ne suis pas un robot|"
    r"(?:que eres|que soy) humano|no soy un robot|di essere (?:un )?(?:umano|human)|non sono un robot|"
    r"que (?:é|você é|és) humano|não sou um robô|dat je een mens bent|ik ben geen robot|"
    r"że jesteś człowiekiem|nie jestem robotem|что вы (?:не робот|человек)|я не робот|"
    r"jag är inte en robot|robot değilim|не робот|"
    r"不是机器人|不是機器人|ロボットでは(?:ない|ありません)|로봇이 아닙니다|لست روبوت|"
    r"against (?:the scourge of )?ai (?:companies|crawlers|bots)|automated (?:access|requests?|queries)|"
    r"request unsuccessful|incident id\b|"
    r"请完成(?:安全|人机)?验证|slide to verify|ロボットではない",
    re.I,
)
_REGIONS = lazy_regex(
    r"(?:not|un)\W?available (?:in|from) your (?:region|country|location)|legal reasons|"
    r"european economic area|gdpr|in (?:ihrem|deinem) land nicht verfügbar|rechtlichen gründen|"
    r"(?:in|non )?disponible dans votre (?:pays|région)|raisons (?:juridiques|légales)|"
    r"no (?:está )?disponible en (?:tu|su) (?:país|región)|motivos legales|"
    r"non (?:è )?disponibile nel (?:tuo|suo) paese|motivi legali|"
    r"(?:in|não está )disponível (?:no seu|em seu|na sua) (?:país|região)|motivos legais|razões legais|"
    r"niet beschikbaar in (?:jouw|uw) (?:land|regio)|juridische redenen|niedostępn\w+ w (?:twoim|państwa) "
    r"(?:kraju|regionie)|przyczyn prawnych|недоступ\w+ в ваш\w+ (?:стране|регионе)|юридическим причинам|"
    r"inte tillgänglig\w* i (?:ditt|din)|ülkenizde|地区无法|地區無法|法律原因|地域ではご利用|法的な理由|"
    r"غير متاح في (?:بلدك|منطقتك)|لأسباب قانونية",
    re.I,
)
_REFUSALS = lazy_regex(
    r"^\W*(?:(?:error )?(?:401|403|429|451|503)\b|access (?:is )?(?:denied|forbidden|restricted)|forbidden|"
    r"zugriff verweigert|accès (?:refusé|interdit)|acceso (?:denegado|prohibido)|accesso negato|acesso "
    r"negado|"
    r"toegang geweigerd|odmowa dostępu|brak dostępu|доступ (?:ограничен|запрещ[её]н)|åtkomst nekad|"
    r"erişim engellendi|访问被拒绝|拒绝访问|存取被拒|アクセスが拒否|접근이 거부|تم رفض الوصول|service "
    r"unavailable|"
    r"too many requests)",
    re.I,
)
_CHALLENGES = (
    "#challenge-form,#challenge-error-text,form[action*=captcha],iframe[src*=captcha],#px-captcha,"
    "iframe[src*=_Incapsula_],[id*=captcha-container],script[src*='challenge-platform']"
)
_LOG_IN = "input[type=password]"


def blocked(facts: Facts) -> Iterator[str]:
    """Yield signs that the page is a bot check, a refusal, or a log-in page in the article's place."""
    if facts.words >= MOST_WORDS or facts.is_usual:
        return
    title = facts.metadata.title
    if facts.words < VERY_SHORT and facts.page_words < 2 * SHORT:
        if _BLOCKED_TITLES.search(title) or _REFUSALS.search(title):
            yield f"the title is that of a bot check: “{title[:80]}”"
        yield from _refused(facts)
    if facts.page_words < 2 * MOST_WORDS and (found := _BLOCKED_WORDS.search(facts.page)):
        yield f"the page asks for a check: “{found[0][:80]}”"
    if facts.words < LEAST_TEXT and facts.dom.select(_CHALLENGES)[:1]:
        yield "the page contains a captcha and no text"


def _refused(facts: Facts) -> Iterator[str]:
    """Yield signs of a page that refuses its text: to a country, or to those who did not log in."""
    if facts.is_article or facts.page_words >= VERY_SHORT:
        return
    if found := _REGIONS.search(facts.page):
        yield f"the page is not shown in our country: “{found[0][:80]}”"
    if facts.words < 2 * LEAST_TEXT and not facts.is_dated and facts.dom.select(_LOG_IN)[:1]:
        yield "the page asks to log in, and has no text"
