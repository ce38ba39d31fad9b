"""Credited sources: precision and recall by language, and the CPU time of a sentence and of an article.

    python -m bench.attribution [--part dev|test|second|third] [--errors 20]

The sentences are those of sentences.jsonl. "exact" is the share of the rightly found sources whose relation
and parent are right, too. An article is about 600 words (900 letters of Chinese or Japanese): sentences of
the set and, between them, sentences that name no source. `--errors N` shows wrong answers of the dev part.
"""

import argparse
import sys
from collections.abc import Sequence
from statistics import median
from time import process_time

from rich.console import Console
from rich.table import Table

from bench.attribution.made import PARTS, Sentence, sentences
from bench.attribution.measure import Tally, relations, score
from unabridged.stories.attributions import find_attributions

LANGUAGES = ("en", "zh", "fr", "de", "es", "ja", "ru", "ar")
AIMS = {"en": 0.92, "zh": 0.88, "fr": 0.88, "de": 0.88, "es": 0.88, "ja": 0.85, "ru": 0.85, "ar": 0.85}
"""Language -> least recall; the least precision of all is 0.97."""
FILLER = {
    "en": "Workers at the harbour waited for the ferry that never came, as they had done for years.",
    "zh": "工人们在港口等待一直没有来的渡轮，多年来都是这样。",
    "fr": "Les ouvriers du port attendaient le bateau qui ne venait pas, comme depuis des années.",
    "de": "Die Arbeiter im Hafen warteten auf die Fähre, die nicht kam, wie schon seit Jahren.",
    "es": "Los obreros del puerto esperaban el barco que no llegaba, como desde hacía años.",
    "ja": "労働者たちは港で、来ることのない船を何年も待ち続けていた。",
    "ru": "Рабочие в порту ждали паром, который так и не пришёл, как и все прошлые годы.",
    "ar": "انتظر العمال في الميناء العبارة التي لم تأت كما اعتادوا منذ سنوات.",
}
FILLERS = 4
"""Sentences without a source after each one of the set."""
WORDS = 600
LETTERS = 900
RUNS = 7


def article_of(rows: Sequence[Sentence], language: str) -> str:
    """Return a text of about WORDS words or LETTERS letters: paragraphs of a sentence and FILLERS others."""
    paragraphs: list[str] = []
    gap = "" if language in ("zh", "ja") else " "
    for row in rows:
        paragraphs.append(gap.join([row.text, *[FILLER[language]] * FILLERS]))
        text = "\n".join(paragraphs)
        if len(text) >= LETTERS if gap == "" else len(text.split()) >= WORDS:
            break
    return "\n".join(paragraphs)


def milliseconds(texts: Sequence[str], language: str) -> float:
    """Return the median CPU time of RUNS passes over texts, in milliseconds, divided by their number."""
    spent = []
    for _ in range(RUNS):
        start = process_time()
        for text in texts:
            find_attributions(text, language=language)
        spent.append((process_time() - start) * 1000 / len(texts))
    return median(spent)


def row_of(language: str, tally: Tally, rows: Sequence[Sentence]) -> list[str]:
    """Return a language's line of the table."""
    counts = [tally.sentences, tally.without, tally.labelled, tally.found]
    shares = [f"{share:.3f}" for share in (tally.precision, tally.recall, tally.exact_share)]
    if language == "all":
        return [language, *map(str, counts), *shares, "", "", ""]
    article = article_of(rows, language)
    times = [
        f"{milliseconds([row.text for row in rows], language) * 1000:.0f}",
        f"{milliseconds([article], language):.2f}",
    ]
    return [language, *map(str, counts), *shares, f"{AIMS[language]:.2f}", *times]


def table_of(part: str, rows: Sequence[Sentence]) -> Table:
    """Return the table of a part."""
    tallies = score(rows)
    table = Table(title=f"{part}: {len(rows)} sentences; credits " + str(dict(relations(rows))))
    for heading in (
        "language",
        "sentences",
        "no credit",
        "credits",
        "found",
        "P",
        "R",
        "exact",
        "aim R",
        "µs/sentence",
        "ms/article",
    ):
        table.add_column(heading, justify="left" if heading == "language" else "right")
    for language in (*LANGUAGES, "all"):
        own = [row for row in rows if row.language == language]
        table.add_row(*row_of(language, tallies[language], own))
    return table


def main(argv: Sequence[str]) -> int:
    """Run the measurement and print its tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--part", choices=PARTS)
    parser.add_argument("--errors", type=int, default=0)
    options = parser.parse_args(argv)
    console = Console(width=130)
    for part in (options.part,) if options.part else PARTS:
        rows = sentences(part)
        console.print(table_of(part, rows))
        if part == "dev":
            for wrong in score(rows)["all"].wrong[: options.errors]:
                console.print(wrong, markup=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
