"""Variants of an article as other outlets publish it, and reports by one template, which are no variants."""

import random
import re
from collections.abc import Callable

FURNITURE: dict[str, tuple[str, ...]] = {
    "en": ("Read more", "Share this article", "This story has been updated.", "Reporting by our staff"),
    "de": ("Weiterlesen", "Artikel teilen", "Der Artikel wurde aktualisiert.", "Mit Material der Agenturen"),
    "fr": ("Lire la suite", "Partager cet article", "Cet article a été mis à jour.", "Avec nos agences"),
    "es": ("Leer más", "Compartir esta noticia", "La noticia ha sido actualizada.", "Con datos de agencias"),
    "zh": ("阅读全文", "分享本文", "本文已更新。", "本报综合报道", "责任编辑：王小明"),
    "ja": ("続きを読む", "この記事をシェア", "この記事は更新されました。", "本社特派員"),
    "ru": ("Читать далее", "Поделиться", "Материал обновлён.", "По материалам агентств"),
    "ar": ("اقرأ المزيد", "شارك هذا المقال", "تم تحديث هذا المقال.", "وكالات"),
}
"""Lines that an outlet puts around a text, by language."""

UNSPACED = frozenset({"zh", "ja"})
_SENTENCE = re.compile(r"[^.!?。！？\n]+[.!?。！？]*\s*|\n+")
_DIGIT = re.compile(r"\d")

Change = Callable[[str, random.Random, str, list[str]], str]
"""(text, random numbers, language, sentences of other articles) -> variant."""


def sentences(text: str) -> list[str]:
    """Return a text in sentences, with the white space behind them."""
    return [part for part in _SENTENCE.findall(text) if part]


def edited(text: str, rng: random.Random, language: str, others: list[str]) -> str:
    """Replace single words, or letters of a script without spaces, by others of the same text."""
    share = rng.choice((0.005, 0.01, 0.02, 0.04))
    if language in UNSPACED:
        letters = [letter for letter in text if not letter.isspace()]
        return "".join(
            rng.choice(letters) if rng.random() < share and not one.isspace() else one for one in text
        )
    words = text.split()
    parts = re.split(r"(\s+)", text)
    return "".join(rng.choice(words) if part.strip() and rng.random() < share else part for part in parts)


def rewritten(text: str, rng: random.Random, language: str, others: list[str]) -> str:
    """Drop some sentences and put others in."""
    share = rng.choice((0.02, 0.05, 0.1))
    found = [part for part in sentences(text) if rng.random() >= share]
    for _ in range(max(1, round(len(found) * share / 2))):
        found.insert(rng.randrange(len(found) + 1), rng.choice(others))
    return "".join(found)


def cut(text: str, rng: random.Random, language: str, others: list[str]) -> str:
    """Leave out the end."""
    found = sentences(text)
    return "".join(found[: max(1, round(len(found) * rng.uniform(0.6, 0.97)))])


def prefaced(text: str, rng: random.Random, language: str, others: list[str]) -> str:
    """Put a note of the editors above the text."""
    return " ".join(rng.choice(others).strip() for _ in range(rng.randint(1, 4))) + "\n" + text


def furnished(text: str, rng: random.Random, language: str, others: list[str]) -> str:
    """Put lines of another outlet around and between the paragraphs, in any language."""
    lines = FURNITURE[rng.choice(tuple(FURNITURE))]
    paragraphs = [part for part in text.split("\n") if part.strip()]
    for line in rng.sample(lines, 3):
        paragraphs.insert(rng.randrange(len(paragraphs) + 1), line)
    return "\n".join(paragraphs)


def reformatted(text: str, rng: random.Random, language: str, others: list[str]) -> str:
    """Write all in one paragraph with other quotation marks and in capitals, as some wires do."""
    flat = " ".join(text.split()).replace('"', "“").replace("'", "’")
    return flat.upper() if rng.random() < 0.5 else flat


CHANGES: tuple[Change, ...] = (edited, rewritten, cut, prefaced, furnished, reformatted)


def variant(text: str, rng: random.Random, language: str, others: list[str]) -> tuple[str, str]:
    """Return a variant by one to three changes, and their names."""
    changes = rng.sample(CHANGES, rng.randint(1, 3))
    for change in changes:
        text = change(text, rng, language, others)
    return text, "+".join(sorted(change.__name__ for change in changes))


def next_report(text: str, rng: random.Random) -> str:
    """Return the next report by the same template: every number is another one."""
    return _DIGIT.sub(lambda match: str((int(match[0]) + rng.randint(1, 8)) % 10), text)
