"""The list of outlets, and their names found in texts."""

import re

import pytest

from unabridged.stories.attributions import outlet_of
from unabridged.stories.attributions.outlets import find_outlets, outlets


def test_the_list_has_six_hundred_outlets_with_domain_and_country_in_four_scripts() -> None:
    rows = outlets()
    domains = [outlet.domain for outlet, _ in rows]
    assert len(domains) == len(set(domains)) >= 600
    assert all(re.fullmatch(r"[\w.-]+\.[\w-]+", outlet.domain) for outlet, _ in rows)
    assert all(re.fullmatch("[A-Z]{2}", outlet.country) for outlet, _ in rows)
    forms = [form for _, names in rows for form in names]
    assert all(form.strip() == form and len(form.lstrip("?").partition("@")[0]) >= 2 for form in forms)
    for letters in ("[A-Z]", "[一-鿿]", "[а-я]", "[\u0621-\u064a]", "[ァ-ヶ]"):
        assert sum(re.search(letters, form) is not None for form in forms) >= 80


def test_a_name_stands_for_one_outlet_in_a_language() -> None:
    seen: dict[str, str] = {}
    for outlet, names in outlets():
        for form in names:
            assert seen.setdefault(form.lstrip("?"), outlet.domain) == outlet.domain, form


@pytest.mark.parametrize(
    ("text", "language", "domains"),
    [
        ("Metropolis and RTEs, APs", "en", []),
        ("据Bloomberg报道", "zh", ["bloomberg.com"]),
        ("وبرويترز ولرويترز", "ar", ["reuters.com", "reuters.com"]),
        ("中央社会 新华社区 中央社", "zh", ["cna.com.tw"]),
        ("ABC", "es", ["abc.es"]),
        ("ABC", "de", []),
    ],
)
def test_latin_names_are_whole_words_and_chinese_ones_no_beginnings_of_others(
    text: str, language: str, domains: list[str]
) -> None:
    assert [one.outlet.domain for one in find_outlets(text, language) if one.outlet] == domains


def test_a_host_belongs_to_its_listed_domain() -> None:
    for host, name in (("www.rfi.fr", "RFI"), ("g1.globo.com", "G1"), ("abcnews.go.com", "ABC News")):
        outlet = outlet_of(host)
        assert outlet is not None and outlet.name == name
    assert outlet_of("example.org") is outlet_of("") is outlet_of("notrfi.fr") is None
