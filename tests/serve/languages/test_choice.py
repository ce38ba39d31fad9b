"""The language of a person: what they set, else what their browser accepts."""

import pytest

from unabridged.serve.languages.choice import LANGUAGES, accepted_language, chosen_language


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-Hans"),
        ("zh-SG", "zh-Hans"),
        ("zh", "zh-Hans"),
        ("zh-TW,zh;q=0.9,en-US;q=0.8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-MO", "zh-Hant"),
        ("zh-Hant-CN", "zh-Hant"),
        ("zh-Hans-TW", "zh-Hans"),
        ("yue", "zh-Hant"),
        ("fr-CA", "fr"),
        ("DE-at", "de"),
        ("ja", "ja"),
        ("es-419,es;q=0.9", "es"),
        ("ru-RU, ru ; q=0.9", "ru"),
        ("ar-EG", "ar"),
        ("pt-BR,pt;q=0.9", "en"),
        ("pt-BR,fr;q=0.5", "fr"),
        ("en;q=0.5,de;q=0.7", "de"),
        ("de;q=0.7,ja;q=0.7", "de"),
        ("de;q=0,*", "en"),
        ("*", "en"),
        ("fr;q=0.0, es;q=0.001", "es"),
        ("fr;q=2, es", "es"),
        ("fr;q=x, es;q=0.1", "es"),
        ("fr;;;, =, é, es;q=0.2", "es"),
        ("x" * 9000, "en"),
        (",".join(["pt"] * 40 + ["fr"]), "en"),
    ],
)
def test_the_language_with_the_highest_weight_is_chosen(header: str, code: str) -> None:
    assert accepted_language(header).code == code


def test_what_a_person_set_counts_before_the_browser() -> None:
    assert chosen_language("ja", "de").code == "ja"
    assert chosen_language("browser", "de").code == "de"
    assert chosen_language("klingon", "de").code == "de"


def test_each_language_is_named_in_itself_and_arabic_runs_from_the_right() -> None:
    names = [one.name for one in LANGUAGES.values()]
    assert names == [
        "English",
        "简体中文",
        "繁體中文",
        "Français",
        "Deutsch",
        "日本語",
        "Español",
        "Русский",
        "العربية",
    ]
    assert [one.code for one in LANGUAGES.values() if one.direction == "rtl"] == ["ar"]
