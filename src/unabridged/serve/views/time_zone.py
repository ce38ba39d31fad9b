"""Time zones of the viewer's browser and of this computer."""

import re
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

COOKIE = "zone"
"""Cookie that holds the browser's time zone; static/zone.js sets it."""

LOCALTIME = Path("/etc/localtime")

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,2}")
_SAME_AS_UTC = frozenset(("Etc/UTC", "Etc/UCT", "UCT", "Etc/Universal", "Universal", "Etc/Zulu", "Zulu"))


class SystemZone(tzinfo):
    """Time zone of this computer, with its rules of the year: the offset is looked up for every time."""

    def utcoffset(self, at: datetime | None) -> timedelta | None:
        return None if at is None else at.replace(tzinfo=None).astimezone().utcoffset()

    def dst(self, at: datetime | None) -> timedelta | None:
        return None

    def tzname(self, at: datetime | None) -> str | None:
        return None if at is None else at.replace(tzinfo=None).astimezone().tzname()

    def fromutc(self, at: datetime) -> datetime:
        """Convert a time in UTC, as `datetime.astimezone` does."""
        local = at.replace(tzinfo=UTC).astimezone()
        first = local.replace(tzinfo=None, fold=0).astimezone().utcoffset()
        return local.replace(tzinfo=self, fold=int(first != local.utcoffset()))


def zone_named(name: str) -> tzinfo | None:
    """Return the zone with an IANA name ("Europe/Berlin"); None for a name that there is not."""
    if not _NAME.fullmatch(name) or len(name) > 60:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return None


def system_zone(now: datetime, localtime: Path = LOCALTIME) -> tzinfo:
    """Return this computer's zone: by its name, to compare it with the browser's, if that is known."""
    system = SystemZone()
    named = None
    if localtime.is_symlink():
        named = zone_named(str(localtime.readlink()).partition("zoneinfo/")[2])
    half_a_year = timedelta(days=183)
    same = named and all(
        at.astimezone(named).utcoffset() == at.astimezone(system).utcoffset()
        for at in (now, now - half_a_year)
    )
    return named if named and same else system  # the variable TZ counts before the file


def zone_name(zone: tzinfo, now: datetime) -> str:
    """Return a zone's IANA name; without one its abbreviation or offset at present ("CET", "+02:00")."""
    name = zone.key if isinstance(zone, ZoneInfo) else f"{now.astimezone(zone):%Z}"
    return "UTC" if name in _SAME_AS_UTC else name
