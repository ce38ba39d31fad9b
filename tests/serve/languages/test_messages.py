"""The catalogues: whole, well formed, and compiled as they stand; a language per request."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Catalog, Message

from tools.languages import compiled, missing, po_file, read_catalogue, source_texts, updated
from unabridged.serve.languages.choice import LANGUAGES
from unabridged.serve.languages.messages import gettext, language, later, ngettext, pgettext, sentences

TRANSLATED = [code for code in LANGUAGES if code != "en"]
PLURAL_FORMS = {"zh-Hans": 1, "zh-Hant": 1, "ja": 1, "fr": 2, "de": 2, "es": 2, "ru": 3, "ar": 6}
_FIXED = re.compile(r"%\(\w+\)s|%%|\{\w+\}|</?\w+[^>]*>|`[^`]*`")
"""Parts of a text that a translation keeps: fields, elements, commands."""

_COUNTS = frozenset(("{n}", "{aside}", "%(n)s", "%(num)s"))
"""Fields of the count, which the words of some languages say themselves ("two pages" is one word)."""


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return source_texts()


def strings(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def ids(message: Message) -> tuple[str, ...]:
    return tuple(message.id) if isinstance(message.id, tuple | list) else (message.id,)


def faults(message: Message) -> Iterator[str]:
    """Yield what is wrong with a translation."""
    wanted = set(_FIXED.findall(ids(message)[-1]))
    for string in strings(message):
        found = set(_FIXED.findall(string))
        if found - wanted or wanted - found - (_COUNTS if len(ids(message)) > 1 else set()):
            yield f"{string!r} has not the fields, elements and commands of {ids(message)[-1]!r}"
        if string != string.strip() and ids(message)[0] == ids(message)[0].strip():
            yield f"{string!r} has white space at an end"
        if re.search(r"\w{5}\.$|。$", string) and ids(message)[-1][-1:] not in ".:)。":
            yield f"{string!r} ends like a sentence, {ids(message)[-1]!r} does not"


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_has_every_text_of_the_source_and_no_other(code: str, texts: Catalog) -> None:
    catalogue = read_catalogue(code)
    wanted = {(one.context, ids(one)) for one in texts if one.id}
    assert {(one.context, ids(one)) for one in catalogue if one.id} == wanted, "run python tools/languages.py"
    assert missing(catalogue) == ()
    assert [one.id for one in catalogue if one.fuzzy and one.id] == []
    assert catalogue.num_plurals == PLURAL_FORMS[code]
    assert "Glossary" in catalogue.header_comment


@pytest.mark.parametrize("code", TRANSLATED)
def test_translations_keep_fields_elements_and_commands(code: str) -> None:
    assert [fault for one in read_catalogue(code) if one.id for fault in faults(one)] == []


@pytest.mark.parametrize(
    ("text", "string"),
    [
        ("{n} of {all}", "{n}"),
        ("%(n)s min", "%(m)s min"),
        ("<b>Now</b>", "<i>Jetzt</i>"),
        ("Run `find`", "Nimm `suche`"),
        ("Now", "Jetzt "),
        ("That did not work", "Das hat nicht geklappt."),
    ],
)
def test_a_planted_fault_of_a_translation_is_found(text: str, string: str) -> None:
    assert list(faults(Message(text, string)))


@pytest.mark.parametrize("code", TRANSLATED)
def test_the_compiled_catalogue_says_what_the_edited_one_says(code: str, texts: Catalog) -> None:
    stored = po_file(code).with_suffix(".mo").read_bytes()
    assert stored == compiled(updated(code, texts)), "run python tools/languages.py"


@pytest.mark.parametrize(
    ("code", "forms"),
    [
        ("en", ("0 articles", "1 article", "2 articles", "5 articles", "11 articles", "100 articles")),
        ("de", ("0 Artikel", "1 Artikel", "2 Artikel", "5 Artikel", "11 Artikel", "100 Artikel")),
        ("fr", ("0 article", "1 article", "2 articles", "5 articles", "11 articles", "100 articles")),
        ("ru", ("0 статей", "1 статья", "2 статьи", "5 статей", "11 статей", "100 статей")),
        ("ar", ("0 مقالة", "مقالة واحدة", "مقالتان", "5 مقالات", "11 مقالة", "100 مقالة")),
        ("ja", tuple(f"{n}件の記事" for n in (0, 1, 2, 5, 11, 100))),
    ],
)
def test_a_count_has_the_form_of_the_language(code: str, forms: tuple[str, ...]) -> None:
    token = language.set(LANGUAGES[code])
    try:
        counts = (0, 1, 2, 5, 11, 100)
        said = tuple(ngettext("{n} article", "{n} articles", n).format(n=n) for n in counts)
    finally:
        language.reset(token)
    assert said == forms


def test_a_text_is_said_by_its_meaning_and_sentences_are_joined_as_the_language_does() -> None:
    token = language.set(LANGUAGES["de"])
    try:
        assert gettext("Settings") == "Einstellungen"
        assert gettext("") == ""
        assert gettext("nobody marked this") == later("nobody marked this") == "nobody marked this"
        assert pgettext("state", "Read") == "Gelesen"
        assert pgettext("verb", "Read") == "Lesen"
        assert sentences("Eins.", "", "Zwei.") == "Eins. Zwei."
        language.set(LANGUAGES["ja"])
        assert sentences("一。", "二。") == "一。二。"
    finally:
        language.reset(token)
