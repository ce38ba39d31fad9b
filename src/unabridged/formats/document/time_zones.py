"""Likely time zone of a publisher, for dates without one."""

from datetime import tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_BY_COUNTRY = {
    "ae": "Asia/Dubai",
    "af": "Asia/Kabul",
    "ar": "America/Argentina/Buenos_Aires",
    "at": "Europe/Vienna",
    "az": "Asia/Baku",
    "ba": "Europe/Sarajevo",
    "bd": "Asia/Dhaka",
    "be": "Europe/Brussels",
    "bg": "Europe/Sofia",
    "by": "Europe/Minsk",
    "ch": "Europe/Zurich",
    "cn": "Asia/Shanghai",
    "co": "America/Bogota",
    "cz": "Europe/Prague",
    "de": "Europe/Berlin",
    "dk": "Europe/Copenhagen",
    "ee": "Europe/Tallinn",
    "eg": "Africa/Cairo",
    "es": "Europe/Madrid",
    "fi": "Europe/Helsinki",
    "fr": "Europe/Paris",
    "ge": "Asia/Tbilisi",
    "gr": "Europe/Athens",
    "hk": "Asia/Hong_Kong",
    "hr": "Europe/Zagreb",
    "hu": "Europe/Budapest",
    "ie": "Europe/Dublin",
    "il": "Asia/Jerusalem",
    "in": "Asia/Kolkata",
    "iq": "Asia/Baghdad",
    "ir": "Asia/Tehran",
    "is": "Atlantic/Reykjavik",
    "it": "Europe/Rome",
    "jp": "Asia/Tokyo",
    "ke": "Africa/Nairobi",
    "kr": "Asia/Seoul",
    "lk": "Asia/Colombo",
    "lt": "Europe/Vilnius",
    "lv": "Europe/Riga",
    "ma": "Africa/Casablanca",
    "mo": "Asia/Macau",
    "my": "Asia/Kuala_Lumpur",
    "ng": "Africa/Lagos",
    "nl": "Europe/Amsterdam",
    "no": "Europe/Oslo",
    "np": "Asia/Kathmandu",
    "pe": "America/Lima",
    "ph": "Asia/Manila",
    "pk": "Asia/Karachi",
    "pl": "Europe/Warsaw",
    "pt": "Europe/Lisbon",
    "ro": "Europe/Bucharest",
    "rs": "Europe/Belgrade",
    "sa": "Asia/Riyadh",
    "se": "Europe/Stockholm",
    "sg": "Asia/Singapore",
    "si": "Europe/Ljubljana",
    "sk": "Europe/Bratislava",
    "th": "Asia/Bangkok",
    "tn": "Africa/Tunis",
    "tr": "Europe/Istanbul",
    "tw": "Asia/Taipei",
    "ua": "Europe/Kyiv",
    "uk": "Europe/London",
    "uy": "America/Montevideo",
    "ve": "America/Caracas",
    "vn": "Asia/Ho_Chi_Minh",
    "za": "Africa/Johannesburg",
}
"""Countries with one zone for practically all of their press, by top-level domain (tz database)."""

_BY_LANGUAGE = {
    "zh": "Asia/Shanghai",
    "ja": "Asia/Tokyo",
    "ko": "Asia/Seoul",
    "de": "Europe/Berlin",
    "fr": "Europe/Paris",
    "it": "Europe/Rome",
    "pl": "Europe/Warsaw",
    "tr": "Europe/Istanbul",
    "uk": "Europe/Kyiv",
    "th": "Asia/Bangkok",
    "vi": "Asia/Ho_Chi_Minh",
}


def zone_of_host(host: str) -> tzinfo | None:
    """Return the time zone of a host's country; None if unknown, or if the country has several."""
    return _zone(_BY_COUNTRY.get(host.rstrip(".").rpartition(".")[2].lower()))


def zone_of_language(language: str | None) -> tzinfo | None:
    """Return the time zone where most of a language's press is written; None if unknown."""
    return _zone(_BY_LANGUAGE.get((language or "").partition("-")[0].lower()))


def _zone(name: str | None) -> tzinfo | None:
    try:
        return None if name is None else ZoneInfo(name)
    except ZoneInfoNotFoundError:  # no tz database on this system: the caller falls back to UTC
        return None
