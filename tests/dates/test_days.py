"""Days in words and figures, of every language and order."""

import pytest

from tests.dates.readings import written

DAYS = {
    "en": "February 1, 2024", "en-GB": "Thursday 1st February 2024", "de": "Donnerstag, 1. Februar 2024",
    "de-AT": "1. Feber 2024", "fr": "jeudi 1er février 2024", "es": "1 de febrero de 2024",
    "pt": "1 de fevereiro de 2024", "it": "gio, 1 feb 2024", "nl": "donderdag 1 februari 2024",
    "ca": "1 de febrer de 2024", "pl": "1 lutego 2024", "cs": "1. února 2024", "sk": "1. februára 2024",
    "ru": "1 февраля 2024 г.", "uk": "1 лютого 2024", "bg": "1 февруари 2024", "sr": "1. фебруар 2024",
    "hr": "1. veljače 2024.", "sl": "1. februar 2024", "el": "1 Φεβρουαρίου 2024",
    "tr": "1 Şubat 2024 Perşembe",
    "ro": "1 februarie 2024", "hu": "2024. február 1.", "lv": "2024. gada 1. februāris",
    "lt": "2024 m. vasario 1 d.",
    "et": "1. veebruar 2024", "fi": "1. helmikuuta 2024", "sv": "1 februari 2024", "nb": "1. februar 2024",
    "da": "1. februar 2024", "is": "1. febrúar 2024", "ar": "1 فبراير 2024", "ar-LB": "١ شباط ٢٠٢٤",
    "fa": "۱۲ بهمن ۱۴۰۲", "he": "1 בפברואר 2024", "hi": "1 फ़रवरी 2024",
    "th": "1 กุมภาพันธ์ 2567",
    "vi": "ngày 01 tháng 02 năm 2024",
    "id": "Kamis, 1 Februari 2024",
    "ms": "1 Februari 2024", "zh": "2024年2月1日", "zh-TW": "民國113年2月1日", "zh-han": "二〇二四年二月一日",
    "ja": "令和6年2月1日(木)", "ko": "2024년 2월 1일", "ko-dots": "2024. 2. 1.", "kk": "1 ақпан 2024",
}  # fmt: skip


@pytest.mark.parametrize("language", DAYS)
def test_a_day_is_read_in_its_language(language: str) -> None:
    assert written(DAYS[language], language.split("-")[0]) == "2024-02-01"


def test_the_country_decides_between_day_and_month_first() -> None:
    assert written("03/04/2020", "en-US") == "2020-03-04"
    assert written("03/04/2020", "en-GB") == "2020-04-03"
    assert written("03/04/2020", "fr") == "2020-04-03"
    assert written("03.04.2020", "en-US") == "2020-04-03"


def test_what_is_possible_overrules_the_language() -> None:
    assert written("13/02/2024", "en-US") == "2024-02-13"
    assert written("02/13/2024", "de") == "2024-02-13"


def test_a_word_that_is_a_month_in_two_languages_is_read_in_the_pages_own() -> None:
    assert written("1 listopada 2020", "pl") == "2020-11-01"
    assert written("1 listopada 2020", "hr") == "2020-10-01"


def test_a_weekday_that_looks_like_a_month_does_not_mislead() -> None:
    assert written("mar, 12 nov 2024", "it") == "2024-11-12"
