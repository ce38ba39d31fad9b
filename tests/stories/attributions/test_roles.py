"""Relation of one name to the words around it."""

import pytest

from unabridged.stories.attributions.outlets import find_outlets
from unabridged.stories.attributions.phrases.compiled import expressions
from unabridged.stories.attributions.roles import WINDOW, role_of, surroundings


def relation(text: str, language: str = "en", *, first: bool = True) -> str | None:
    """The relation of the first known name of a sentence."""
    mention = find_outlets(text, language)[0]
    around = surroundings(text, (0, len(text), first), mention)
    assert len(around.before) <= WINDOW and len(around.after) <= WINDOW
    role = role_of(mention, around, expressions(language))
    return role.relation if role else None


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("OSLO, May 3 (Reuters) - Snow fell.", "en", "dateline"),
        ("Snow fell. (Reuters)", "en", "credit"),
        ("Foto: Anna Berg/dpa", "de", "credit"),
        ("Snow fell, a monk told Reuters.", "en", "told"),
        ("Snow fell, he said, citing Reuters.", "en", "cites"),
        ("Reuters reported a quarterly loss of $3m.", "en", None),
        ("The bloggers on CNN said nothing new.", "en", None),
        ("Time said so.", "en", None),
        ("According to Time, it snowed.", "en", "report"),
        ("路透社对此表示感谢。", "zh", None),
        ("他对路透社表示感谢。", "zh", "told"),
        ("Сообщил Интерфаксу источник в министерстве.", "ru", "told"),
    ],
)
def test_a_relation_is_read_from_the_words_around_a_name(
    text: str, language: str, expected: str | None
) -> None:
    assert relation(text, language) == expected


def test_a_dateline_stands_only_at_the_beginning_of_a_paragraph() -> None:
    assert relation("OSLO (Reuters) - Snow fell.", first=False) is None


def test_white_space_does_not_matter() -> None:
    assert relation("Snow fell, a monk told\n\t  Reuters.") == "told"
