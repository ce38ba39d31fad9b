"""Time zones of publishers, by country and by language."""

from datetime import datetime, timedelta, tzinfo

import pytest

from unabridged.formats.document.time_zones import _BY_COUNTRY, _BY_LANGUAGE, zone_of_host, zone_of_language


def hours(zone: tzinfo | None) -> float | None:
    offset = None if zone is None else datetime(2024, 7, 1, 12, tzinfo=zone).utcoffset()
    return None if offset is None else offset / timedelta(hours=1)


@pytest.mark.parametrize(
    ("host", "offset"),
    [("www.zeitung.DE", 2), ("news.cn.", 8), ("paper.in", 5.5), ("news.example", None), ("", None)],
)
def test_a_host_is_in_the_zone_of_its_country(host: str, offset: float | None) -> None:
    assert hours(zone_of_host(host)) == offset


@pytest.mark.parametrize(("language", "offset"), [("zh-Hans", 8), ("DE", 2), ("en", None), (None, None)])
def test_a_language_is_in_the_zone_of_most_of_its_press(language: str | None, offset: float | None) -> None:
    assert hours(zone_of_language(language)) == offset


def test_every_zone_of_the_tables_is_one() -> None:
    assert [code for code in _BY_COUNTRY if zone_of_host(f"news.{code}") is None] == []
    assert [code for code in _BY_LANGUAGE if zone_of_language(code) is None] == []
