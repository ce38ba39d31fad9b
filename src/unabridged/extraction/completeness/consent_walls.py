"""Detection of consent walls: pages that ask for consent instead of showing an article.

Three signs must come together: controls to answer, wording that addresses the reader about their own choice,
and hardly any other subject. An article about cookies does not address the reader's choice, and a banner
above an article is not its text.
"""

import re
from collections.abc import Iterator

from unabridged.extraction.completeness.facts import LEAST_TEXT, SHORT, VERY_SHORT, Facts
from unabridged.extraction.html.dom import Dom
from unabridged.text.patterns import lazy_regex

MOST_ASKED = 400  # elements searched for a control
LONGEST_ANSWER = 60  # characters of a control's label
LEAST_SHARE = 0.5  # of the letters of the text, in sentences about consent

_ANSWERS = lazy_regex(
    r"^\W*(?:(?:yes,? )?i (?:accept|agree|consent|understand)|(?:accept|allow|agree|reject|refuse|decline)"
    r"(?: to)?(?: all| and (?:continue|close|proceed)| cookies)*|manage (?:my )?(?:cookies|preferences|"
    r"choices|settings)|consent|"
    r"(?:tout )?(?:accepter|refuser|autoriser)(?: tout(?:es)?| et (?:continuer|fermer)| les cookies)*|"
    r"j.accepte|"
    r"continuer sans accepter|(?:alle[ns]? )?(?:cookies )?(?:akzeptieren|ablehnen|zulassen|zustimmen)"
    r"(?: und (?:weiter|schließen)\w*)?|zustimmen|einverstanden|ich stimme zu|"
    r"(?:aceptar|rechazar|permitir)(?: tod[oa]s?| y (?:continuar|cerrar)| (?:las )?cookies)*|acepto|"
    r"(?:accetta|rifiuta|consenti)(?: tutt[oi]| e (?:continua|chiudi)| (?:i )?cookie)*|accetto|acconsento|"
    r"(?:aceitar|recusar|rejeitar)(?: tud[oa]s?| todos| e (?:continuar|fechar)| (?:os )?cookies)*|aceito|"
    r"(?:alle(?:s)? )?(?:cookies )?(?:accepteren|weigeren|toestaan)|akkoord|ja,? ik ga akkoord|"
    r"(?:godta|tillat|avvis|acceptera|godkänn|avvisa|neka|accepter|tillad|afvis)(?: alle?s?| alla)?"
    r"(?: cookies)?|"
    r"(?:hyväksy|salli|hylkää)(?: kaikki)?(?: evästeet)?|"
    r"(?:zaakceptuj|akceptuj|akceptuję|odrzuć|zgadzam się|wyrażam zgodę)(?: wszystk\w+)?|"
    r"(?:přijmout|povolit|odmítnout|prijať|odmietnuť)(?: vše| všetko)?|souhlasím|súhlasím|"
    r"(?:az összes )?(?:elfogad\w*|elutasít\w*)(?: mind\w*)?|"
    r"(?:acceptă|accept|respinge)(?: toate)?|sunt de acord|"
    r"(?:принять|разрешить|отклонить)(?: вс[её])?(?: cookies?| куки)?|соглас(?:ен|на)|"
    r"(?:прийняти|дозволити|відхилити)(?: вс[еі])?|погоджуюс[ья]|"
    r"(?:tümünü )?(?:kabul et\w*|reddet\w*)|αποδοχή(?: όλων)?|συμφωνώ|"
    r"(?:全部)?(?:同意|接受|允许|允許|拒绝|拒絕)(?:全部|所有|并继续|並繼續)?(?:cookies?)?|"
    r"(?:すべて)?(?:同意する|許可する?|受け入れる|拒否する?)|(?:모두 )?(?:동의|허용|거부)(?:합니다|하기)?|"
    r"(?:أوافق|قبول(?: الكل)?|موافق)|(?:đồng ý|chấp nhận)(?: tất cả)?|(?:setuju|terima semua))\W*$",
    re.I,
)
_SUBJECT = lazy_regex(
    r"\bcookies?\b|\bconsent|personal (?:data|information)|privacy|trackers?\b|"
    r"(?:advertising|our|\d+) partners|"
    r"legitimate interests?|personali[sz]ed (?:ads|advertising|content)|"
    r"traceurs|consentement|données (?:à caractère )?personnel|partenaires|vie privée|confidentialité|"
    r"(?:accepter|refuser)\b|finalités?\b|"
    r"einwilligung|zustimm|datenschutz|personenbezogen|tracking|werbepartner|partnern?\b|verarbeitung|"
    r"consentimiento|datos personales|privacidad|socios|consenso|dati personali|riservatezza|"
    r"consentimento|dados pessoais|privacidade|parceiros|"
    r"toestemming|persoonsgegevens|samtykke|samtycke|informasjonskapsl|personoplysninger|personuppgifter|"
    r"evästei?|suostumu|tietosuoja|ciasteczk|plik\w* cookie|zgod[ayęą]\b|danych osobowych|zaufan\w+ partner|"
    r"souhlas|osobní\w* údaj|hozzájárul|adatvédel|sütik?|confidențialit|consimțământ|"
    r"куки|файл\w* cookie|персональн\w+ данн|согласи|конфиденциальн|персональн\w+ дан|згод[аи]\b|"
    r"çerez|kişisel veri|gizlilik|συγκατάθεση|απόρρητο|"
    r"隐私|隱私|个人信息|個人資料|クッキー|プライバシー|個人情報|쿠키|개인정보|ملفات تعريف الارتباط|الخصوصية",
    re.I,
)
_HINTS = (
    "cookie", "consent", "personal", "privacy", "tracker", "partner", "legitimate interest", "traceurs",
    "données", "vie privée", "confidentialit", "confidențialit", "partenaire",
    "accepter", "refuser", "finalité", "einwilligung", "zustimm",
    "datenschutz", "personenbezogen", "tracking", "verarbeitung", "consentimiento", "privacidad", "socios",
    "consenso", "dati personali", "riservatezza", "dados pessoais", "parceiros", "toestemming",
    "persoonsgegevens", "samty", "informasjonskapsl", "personoplysninger", "personuppgifter", "eväste",
    "suostumu", "tietosuoja", "ciasteczk", "zgod", "danych osobowych", "souhlas", "osobní", "hozzájárul",
    "adatvédel", "süti", "consimțământ", "куки", "персональн", "согласи", "конфиденциальн", "згод", "çerez",
    "kişisel veri", "gizlilik", "συγκατάθεση", "απόρρητο", "隐私", "隱私", "个人信息", "個人資料", "クッキー",
    "プライバシー", "個人情報", "쿠키", "개인정보", "ملفات تعريف الارتباط", "الخصوصية",
)  # fmt: skip
"""Every alternative of the subjects above contains one of these, in lower case. A quick test of the whole
text."""
_VOICE = lazy_regex(
    r"\bwe (?:and|use|value|need|ask|care|process|would like|store|respect)\b|"
    r"\bour (?:\d+ )?(?:advertising )?partners|"
    r"\byour (?:consent|choices?|device|privacy|preferences|browser|personal|data|experience)|"
    r"\bvotre (?:consentement|accord|choix|appareil|terminal|vie privée|navigat)|\bvos (?:choix|données|"
    r"préférences)|\bvous pouvez\b|"
    r"\bnous (?:et|utilis|avons|respect)|"
    r"\b(?:ihre|deine)r? (?:einwilligung|zustimmung|auswahl|privatsphäre|daten)|"
    r"\bwir (?:und|verwenden|nutzen|benötigen|verarbeiten)\b|\bihrem (?:gerät|endgerät)|"
    r"\b(?:su|tu) (?:consentimiento|dispositivo|privacidad|elección)|\bnosotros y|\butilizamos\b|"
    r"\b(?:il )?(?:tuo|suo) (?:consenso|dispositivo)|\bla (?:tua|sua) (?:privacy|scelta)|\bnoi e\b|"
    r"\b(?:seu|o teu) (?:consentimento|dispositivo)|\bsua privacidade|"
    r"\b(?:uw|je|jouw) (?:toestemming|apparaat|"
    r"privacy|keuze|gegevens)|\bwij en\b|"
    r"\b(?:ditt|dit|din) (?:samtykke|samtycke|valg|val|enhet|enhed|privatliv)|\bvi (?:og|och|bruger|bruker|"
    r"använder)\b|"
    r"\bsuostumuksesi|\btwoj\w+ (?:zgod|urządzen|dan|prywatn)|\bpaństwa (?:zgod|dan)|\bmy i nasi\b|"
    r"\bvaš\w* (?:souhlas|soukrom|údaj)|\baz ön\b|\bdumneavoastră\b|"
    r"\bваш\w* (?:согласи|устройств|данн|выбор|згод|пристр)|"
    r"\bмы (?:и|используем)\b|\bми (?:та|використовуємо)\b|"
    r"\b(?:onayınız|cihazınız|verileriniz)|\bσας\b|您的|你的|您可以|我们使用|我們使用|お客様|あなたの|귀하의|موافقتك|جهازك",
    re.I,
)
_SENTENCES = lazy_regex(r"(?<=[.!?。！？])\s+|\n+")


_CALLS = lazy_regex(
    r"(?:accept|manage|agree to) (?:all )?(?:cookies|and continue)|we (?:and our partners|value your "
    r"privacy)|"
    r"mit werbung (?:und tracking )?(?:weiterlesen|lesen)|zustimmen und weiter|pur-abo|alle akzeptieren|"
    r"continuer sans accepter|accepter et (?:continuer|fermer)|aceptar y continuar|accetta e continua|"
    r"accepteren en doorgaan|akceptuję i przechodzę",
    re.I,
)


def consent_wall(facts: Facts) -> Iterator[str]:
    """Yield signs that the page is a consent wall."""
    if facts.words >= SHORT or facts.is_usual:
        return
    told = facts.text if facts.words >= LEAST_TEXT else facts.page
    asked = asks_consent(facts.dom, told)
    if (facts.words >= VERY_SHORT and not asked) or facts.page_words > 2 * SHORT:
        return
    if asked:
        yield f"the page is only a request for consent: “{asked[:80]}”"
    little = facts.words < VERY_SHORT and not facts.is_dated and facts.page_words < 4 * VERY_SHORT
    if little and (found := _CALLS.search(told)):
        yield f"the page is mostly a request for consent: “{found[0][:80]}”"


def asks_consent(dom: Dom, text: str) -> str:
    """Return the words with which a text asks the reader for consent, "" for any other text."""
    folded = text.lower()
    if not any(hint in folded for hint in _HINTS):
        return ""
    sentences = [sentence for sentence in _SENTENCES.split(text) if sentence.strip()]
    about = [sentence for sentence in sentences if _SUBJECT.search(sentence)]
    spoken = next((sentence for sentence in about if _VOICE.search(sentence)), "")
    if not spoken or sum(map(len, about)) < LEAST_SHARE * sum(map(len, sentences)):
        return ""
    return spoken.strip() if _can_be_answered(dom) else ""


def _can_be_answered(dom: Dom) -> bool:
    """Say whether the page has a control that gives or refuses consent."""
    for element in dom.select("button,[role=button],input[type=submit],input[type=button],a")[:MOST_ASKED]:
        label = " ".join(((element.attr("value") if element.tag == "input" else element.text) or "").split())
        if label and len(label) <= LONGEST_ANSWER and _ANSWERS.match(label):
            return True
    return False
