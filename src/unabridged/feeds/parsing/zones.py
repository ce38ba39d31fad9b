"""Time zones of feeds that write times without one."""

from datetime import timedelta, timezone, tzinfo

from unabridged.urls import host

# Only where one zone without summer time holds for nearly all publishers: elsewhere UTC is the better guess.
_HOURS_BY_LANGUAGE = {"zh": 8, "ja": 9, "ko": 9, "th": 7, "vi": 7}
_HOURS_BY_TOP_DOMAIN = {
    "cn": 8,
    "tw": 8,
    "hk": 8,
    "mo": 8,
    "sg": 8,
    "xn--fiqs8s": 8,
    "xn--fiqz9s": 8,
    "jp": 9,
    "kr": 9,
    "th": 7,
    "vn": 7,
}
_ZONES = {hours: timezone(timedelta(hours=hours)) for hours in (7, 8, 9)}


def usual_zone(language: str | None, *addresses: str | None) -> tzinfo | None:
    """Return the zone in which a feed writes times without one, by its language, else by its hosts.

    None if neither tells it.
    """
    main = (language or "").lower().replace("_", "-").partition("-")[0]
    hours = _HOURS_BY_LANGUAGE.get(main)
    for address in addresses:
        if hours is None and address:
            hours = _HOURS_BY_TOP_DOMAIN.get(host(address).rpartition(".")[2])
    return None if hours is None else _ZONES[hours]
