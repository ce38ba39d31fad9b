"""Dates, times, numbers and reading times as text. Pure; clock and time zone are arguments."""

import re
from datetime import datetime, timedelta, tzinfo

from unabridged.serve.languages.messages import gettext
from unabridged.text.scripts import HANGUL, KANA, WIDE_LETTER, right_to_left_language

WORDS_A_MINUTE = 230
HAN_A_MINUTE = 400
"""Usual silent reading speeds: English about 238 words (Brysbaert 2019), Chinese about 260-400 characters."""


def pluralize(count: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: "1 article", "2,300 articles"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def edits_text(edits: int, edited: datetime | None, zone: tzinfo) -> str:
    """Return how often the publisher edited an article, and when that was last noticed; "" for never."""
    if not edits or edited is None:
        return ""
    often = "" if edits == 1 else f" {pluralize(edits, 'time')}, last"
    return f"Edited by the publisher{often} on {date_time(edited, zone)}"


def day_name(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return the name of a day: "Today", "Yesterday", "Friday", "20 November", "20 November 2021"."""
    gap = days_between(at, now, zone)
    if gap in (0, 1):
        return ("Today", "Yesterday")[gap]
    local = at.astimezone(zone)
    if 1 < gap < 7:
        return f"{local:%A}"
    month = f"{local.day} {local:%B}"
    return month if local.year == now.astimezone(zone).year else f"{month} {local.year}"


def period_heading(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return the heading under which a list groups a time: a day of this week, else its month."""
    if days_between(at, now, zone) < 7:
        return day_name(at, now, zone)
    return f"{at.astimezone(zone):%B %Y}"


def short_time(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return the time in a list: "14:05" today, "18 November, 14:05" this week, else "2 November 2021"."""
    local, gap = at.astimezone(zone), days_between(at, now, zone)
    if gap == 0:
        return f"{local:%H:%M}"
    day = f"{local.day} {local:%B}"
    if local.year != now.astimezone(zone).year:
        day += f" {local.year}"
    return f"{day}, {local:%H:%M}" if gap < 7 else day


def days_between(at: datetime, now: datetime, zone: tzinfo) -> int:
    """Count the midnights between a time and now."""
    return (now.astimezone(zone).date() - at.astimezone(zone).date()).days


def time_of_day(at: datetime, zone: tzinfo) -> str:
    """Return the time of day, "14:05"."""
    return f"{at.astimezone(zone):%H:%M}"


def date_time(at: datetime, zone: tzinfo) -> str:
    """Return date and time in full: "20 November 2026, 14:05"."""
    local = at.astimezone(zone)
    return f"{local.day} {local:%B %Y, %H:%M}"


def zoned_time(at: datetime, zone: tzinfo) -> str:
    """Return date, time and the zone's name at that time: "20 November 2026, 14:05 CET"."""
    name = f"{at.astimezone(zone):%Z}"
    return f"{date_time(at, zone)} {name if name[:1].isalpha() else f'UTC{name}'}"


def publisher_time(at: datetime, *, day_only: bool = False, zone_stated: bool = True) -> str:
    """Return a publisher's time as stated, in its own zone."""
    date = f"{at.day} {at:%B %Y}"
    if day_only:
        return date
    zone = f" (UTC{f'{at:%z}'[:3]}:{f'{at:%z}'[3:5]})" if at.utcoffset() else " (UTC)"
    return f"{date}, {at:%H:%M}{zone if zone_stated else ''}"


def relative_time(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return a time relative to now: "5 minutes ago", "in 2 hours", "20 November, 14:05"."""
    seconds = (at - now).total_seconds()
    if abs(seconds) < 45:
        return "just now" if seconds <= 0 else "in a moment"
    if abs(seconds) < timedelta(hours=20).total_seconds():
        minutes = round(abs(seconds) / 60)
        span = pluralize(minutes, "minute") if minutes < 90 else pluralize(round(minutes / 60), "hour")
        return f"in {span}" if seconds > 0 else f"{span} ago"
    return f"{day_name(at, now, zone)}, {time_of_day(at, zone)}" if seconds < 0 else date_time(at, zone)


def is_cjk(text: str) -> bool:
    """Say whether a text is mostly in Han, Kana or Hangul."""
    sample = text[:2000]
    letters = sum(character.isalpha() for character in sample)
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
