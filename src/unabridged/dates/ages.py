"""Ages ("3 hours ago", "vor 2 Tagen", "昨天 12:30") read as times, relative to when the page was fetched."""

import re
from datetime import datetime, timedelta

from unabridged.model import Clock, ClockKind, Origin
from unabridged.text.patterns import lazy_regex

LONGEST = 60
"""Maximum characters of a text that is an age and little else."""

_UNITS: dict[str, tuple[str, timedelta]] = {
    "minute": (
        r"min(?:ute|uten|utes|utos|uti|uut|uten|utter|ut|uty|utę)?s?\.?|мин(?:ут\w*)?\.?|хвилин\w*|"
        r"分(?:钟|鐘|間)?|분|"
        r"dakika|phút|menit|mins",
        timedelta(minutes=1),
    ),
    "hour": (
        r"h(?:rs?|ours?)?\.?|std\.?|stunden?|heures?|horas?|or[ae]|uur|uren|tim(?:mar|er|me)?|godz\w*\.?|"
        r"час\w*|"
        r"годин\w*|(?:个|個)?小(?:时|時)|時間|시간|saat|giờ|jam|tuntia?",
        timedelta(hours=1),
    ),
    "day": (
        r"d(?:ays?)?|tag(?:e|en)?|jours?|días?|dias?|giorn[oi]|dag(?:en|ar|e)?|dni|dzień|д(?:ень|ня|ней|"
        r"ні|нів)|天|日|일|"
        r"gün|ngày|hari|päivää?",
        timedelta(days=1),
    ),
    "week": (
        r"w(?:ks?|eeks?)?|wochen?|semaines?|semanas?|settiman[ae]|we(?:ek|ken)|veck(?:a|or)|uker?|uger?|"
        r"tygodni\w*|"
        r"недел\w+|тиж\w+|(?:个|個)?(?:星期|周|週)|주|hafta|tuần|minggu",
        timedelta(weeks=1),
    ),
    "month": (
        r"mos?\.?|months?|monat(?:e|en)?|mois|mes(?:es)?|mês|mes[ei]|maand(?:en)?|månad(?:er)?|måned(?:er)?|"
        r"miesi\w+|месяц\w*|місяц\w+|(?:个|個|か|ヶ)月|개월|ay|tháng|bulan",
        timedelta(days=30),
    ),
    "year": (
        r"y(?:rs?|ears?)?|jahre?n?|ans?|années?|años?|anos?|ann[oi]|jaar|år|lat|lata|rok|лет|год(?:а|ов)?|"
        r"років|рок\w*|"
        r"年|년|yıl|năm|tahun",
        timedelta(days=365),
    ),
}
_COUNT = r"(?P<{0}>\d{{1,3}}|an?|one|einer?|einem|une?|uma?|una?|een|én|en|ett)"
_UNIT = "|".join(f"(?P<{{0}}_{name}>{words})" for name, (words, _) in _UNITS.items())


def _quantity(name: str) -> str:
    return _COUNT.format(name) + r"\s*\+?\s*(?:" + _UNIT.replace("{0}", name) + ")"


_LEAD = (
    r"\W*(?:(?:last )?(?:posted|published|updated|submitted|asked|answered|created|written|veröffentlicht|"
    r"publié|"
    r"publicado|pubblicato|发布于|发表于|更新于)\s*:?\s*)?"
)
_AGE = lazy_regex(
    _LEAD
    + r"(?:(?:for )?"
    + _quantity("a")
    + r"\s*(?:ago|geleden|atrás|fa|sedan|siden|sitten|temu|назад|тому|前|之前|전|önce|trước|(?:yang )?lalu)"
    + r"|(?:vor|hace|há|il y a|před)\s+(?:about |etwa |environ |unos? |cerca de )?"
    + _quantity("b")
    + r")(?=\W|$)",
    re.IGNORECASE,
)
_DAY = lazy_regex(
    _LEAD
    + r"(?:(?P<today>today|heute|aujourd[’']hui|hoy|hoje|oggi|vandaag|i ?dag|dzisiaj|dziś|сегодня|今天|"
    + r"今日|오늘|bugün)"
    + r"|(?P<yesterday>yesterday|gestern|hier|ayer|ontem|ieri|gisteren|i ?går|wczoraj|вчера|昨天|昨日|"
    + r"어제|dün)"
    + r"|(?P<before>vorgestern|avant-hier|anteayer|anteontem|l[’']altro ieri|eergisteren|przedwczoraj|"
    + r"позавчера|"
    + r"前天|一昨日|그저께))"
    + r"(?:\s*[,·|]?\s*(?:at|um|à|a las|às|alle|om|kl\.?|o|"
    + r"в)?\s*(?P<hour>\d{1,2})\s*[:.h時时点]\s*(?P<minute>\d{2})"
    + r"\s*(?P<half>[ap]\.?m\.?)?(?:\s*uhr)?)?\W*$",
    re.IGNORECASE,
)
_BACK = {"today": 0, "yesterday": 1, "before": 2}
_SIGNS = lazy_regex(
    r"ago|vor|hace|há|il y a|fa\b|geleden|atrás|sedan|siden|sitten|temu|назад|тому|前|전|önce|trước|lalu|"
    r"před|"
    r"[tdny]oday|day\b|heute|gestern|hui|hier|hoy|ayer|hoje|ontem|oggi|ieri|vandaag|eren|dag|går|dziś|"
    r"dzis|wczoraj|"
    r"сегодня|вчера|今天|今日|昨[天日]|오늘|어제|bugün|dün",
    re.IGNORECASE,
)


def read_age(text: str, *, kind: ClockKind, origin: Origin, now: datetime) -> Clock | None:
    """Read a text that is an age as a time; None for any other text.

    now: aware, when the page was fetched. An age of days or more gives a day without a time.
    """
    text = text.strip()
    if not 2 <= len(text) <= LONGEST or not _SIGNS.search(text):
        return None
    if found := _DAY.match(text):
        return _clock(*_read_day(found, now), kind, origin, text)
    found = _AGE.match(text)
    if not found:
        return None
    back = _read_quantity(found)
    return _clock(now - back, back >= timedelta(days=1), kind, origin, text)


def _read_quantity(found: re.Match[str]) -> timedelta:
    side = "a" if found["a"] else "b"
    count = int(found[side]) if found[side].isdecimal() else 1
    return next(count * span for name, (_, span) in _UNITS.items() if found[f"{side}_{name}"])


def _read_day(found: re.Match[str], now: datetime) -> tuple[datetime, bool]:
    day = now - timedelta(days=next(days for name, days in _BACK.items() if found[name]))
    hour, minute = int(found["hour"] or 0), int(found["minute"] or 0)
    half = (found["half"] or "").lower()
    hour = hour % 12 + 12 * half.startswith("p") if half else hour
    timed = found["hour"] is not None and hour < 24 and minute < 60
    return (
        day.replace(hour=hour if timed else 0, minute=minute if timed else 0, second=0, microsecond=0),
        not timed,
    )


def _clock(at: datetime, day_only: bool, kind: ClockKind, origin: Origin, raw: str) -> Clock:
    at = at.replace(second=0, microsecond=0)
    if day_only:
        at = at.replace(hour=0, minute=0)
    return Clock(kind=kind, at=at, origin=origin, zone_stated=False, day_only=day_only, raw=raw)
