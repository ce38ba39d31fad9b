"""Dates, times, counts and reading times as text, in the language of the request."""

import re
from datetime import datetime, timedelta, tzinfo

from unabridged import urls
from unabridged.serve.languages import formats
from unabridged.serve.languages.formats import number
from unabridged.serve.languages.messages import gettext, ngettext
from unabridged.text.scripts import HANGUL, KANA, WIDE_LETTER, right_to_left_language

WORDS_A_MINUTE = 230
HAN_A_MINUTE = 400
"""Usual silent reading speeds: English about 238 words (Brysbaert 2019), Chinese about 260-400 characters."""


def counted(one: str, many: str, count: int) -> str:
    """Return a count with its noun: "1 article", "2,300 articles". one, many: texts with the field {n}."""
    return ngettext(one, many, count).format(n=number(count))


def edits_text(edits: int, edited: datetime | None, zone: tzinfo) -> str:
    """Return how often the publisher edited an article, and when that was last noticed; "" for never."""
    if not edits or edited is None:
        return ""
    at = date_time(edited, zone)
    if edits == 1:
        return gettext("Edited by the publisher on {time}").format(time=at)
    return ngettext(
        "Edited by the publisher {n} time, last on {time}",
        "Edited by the publisher {n} times, last on {time}",
        edits,
    ).format(n=number(edits), time=at)


def day_name(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return the name of a day: "Today", "Yesterday", "Friday", "20 November", "20 November 2021"."""
    gap = days_between(at, now, zone)
    if gap in (0, 1):
        return gettext("Today") if gap == 0 else gettext("Yesterday")
    local = at.astimezone(zone)
    if 1 < gap < 7:
        return formats.day_of_week(local)
    return _short_date(local, now, zone)


def _short_date(local: datetime, now: datetime, zone: tzinfo) -> str:
    is_this_year = local.year == now.astimezone(zone).year
    return formats.day(local) if is_this_year else formats.day_of_year(local)


def period_heading(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return the heading under which a list groups a time: a day of this week, else its month."""
    if days_between(at, now, zone) < 7:
        return formats.capitalised(day_name(at, now, zone))
    return formats.month_of_year(at.astimezone(zone))


def short_time(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return the time in a list: "14:05" today, "18 November, 14:05" this week, else "2 November 2021"."""
    local, gap = at.astimezone(zone), days_between(at, now, zone)
    if gap == 0:
        return f"{local:%H:%M}"
    day = _short_date(local, now, zone)
    return formats.with_time(day, local) if gap < 7 else day


def days_between(at: datetime, now: datetime, zone: tzinfo) -> int:
    """Count the midnights between a time and now."""
    return (now.astimezone(zone).date() - at.astimezone(zone).date()).days


def time_of_day(at: datetime, zone: tzinfo) -> str:
    """Return the time of day, "14:05"."""
    return f"{at.astimezone(zone):%H:%M}"


def date_time(at: datetime, zone: tzinfo) -> str:
    """Return date and time in full: "20 November 2026, 14:05"."""
    local = at.astimezone(zone)
    return formats.with_time(formats.day_of_year(local), local)


def zoned_time(at: datetime, zone: tzinfo) -> str:
    """Return date, time and the zone's name at that time: "20 November 2026, 14:05 CET"."""
    name = f"{at.astimezone(zone):%Z}"
    return f"{date_time(at, zone)} {name if name[:1].isalpha() else f'UTC{name}'}"


def publisher_time(at: datetime, *, day_only: bool = False, zone_stated: bool = True) -> str:
    """Return a publisher's time as stated, in its own zone."""
    date = formats.day_of_year(at)
    if day_only:
        return date
    zone = f" (UTC{f'{at:%z}'[:3]}:{f'{at:%z}'[3:5]})" if at.utcoffset() else " (UTC)"
    return f"{formats.with_time(date, at)}{zone if zone_stated else ''}"


def relative_time(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return a time relative to now: "5 minutes ago", "in 2 hours", "20 November, 14:05"."""
    seconds = (at - now).total_seconds()
    if abs(seconds) < 45:
        return gettext("just now") if seconds <= 0 else gettext("in a moment")
    if abs(seconds) < timedelta(hours=20).total_seconds():
        minutes = round(abs(seconds) / 60)
        return _minutes_away(minutes, seconds > 0) if minutes < 90 else _hours_away(minutes, seconds > 0)
    if seconds > 0:
        return date_time(at, zone)
    return formats.with_time(day_name(at, now, zone), at.astimezone(zone))


def _minutes_away(minutes: int, is_ahead: bool) -> str:
    if is_ahead:
        return counted("in {n} minute", "in {n} minutes", minutes)
    return counted("{n} minute ago", "{n} minutes ago", minutes)


def _hours_away(minutes: int, is_ahead: bool) -> str:
    if is_ahead:
        return counted("in {n} hour", "in {n} hours", round(minutes / 60))
    return counted("{n} hour ago", "{n} hours ago", round(minutes / 60))


def words_counted(count: int) -> str:
    """Return a number of words: "1 word", "2,300 words"."""
    return counted("{n} word", "{n} words", count)


def is_cjk(text: str) -> bool:
    """Say whether a text is mostly in Han, Kana or Hangul."""
    sample = text[:2000]
    if sample.isascii():
        return False
    letters = sum(map(str.isalpha, sample))
    return letters > 0 and len(WIDE_LETTER.findall(sample)) * 2 > letters


def language_of(stated: str | None, text: str) -> str | None:
    """Return the language for `lang`: the stated one if it is a valid tag, else a guess by the letters.

    Only languages that change the typography are guessed: kana is Japanese, hangul Korean, other Han Chinese,
    and those of Hebrew and Arabic letters.
    """
    tag = (stated or "").strip().replace("_", "-")
    if re.fullmatch(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}", tag):
        return tag
    sample = text[:2000]
    if not is_cjk(sample):
        return right_to_left_language(sample)
    if re.search(f"[{KANA}]", sample):
        return "ja"
    hangul = re.findall(f"[{HANGUL}]", sample)
    return "ko" if len(hangul) * 2 > len(WIDE_LETTER.findall(sample)) else "zh"


def reading_minutes(count: int, language: str | None) -> int:
    """Return the minutes to read `count` words (each Han character and kana is a word); 0 for no words."""
    speed = HAN_A_MINUTE if (language or "").split("-")[0].lower() in ("zh", "ja") else WORDS_A_MINUTE
    return max(1, round(count / speed)) if count else 0


def aside_reason(muted: str) -> str:
    """Return in words why an article is set aside. muted: the reason as stored, of any version."""
    action, _, queries = muted.partition(": ")
    if action == "mute":
        return gettext("set aside by the rule: mute {query}").format(query=queries)
    if action == "keep":
        return gettext("set aside by the rule: keep {query}").format(query=queries)
    return gettext("set aside: {reason}").format(reason=muted)


def fallback_title(summary: str, url: str) -> str:
    """Return a title for an article without one: its first words, else its URL."""
    return shorten(summary, 80) or urls.readable(url)


def shorten(text: str, limit: int) -> str:
    """Shorten a text at a word boundary (or after a Han character), ending in an ellipsis."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    cut = flat[:limit]
    head, space, _ = cut.rpartition(" ")
    return (head if space and len(head) > limit * 0.7 else cut).rstrip(" .,;:，、；：。") + "…"
