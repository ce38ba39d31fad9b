"""Stories: B-cubed scores beside a baseline by titles, and the cost of an article.

    python -m bench.stories [--part test] [--background 600] [--articles 10000]

Reports on made-up events in eight languages are saved day by day in an archive, among true articles of the
corpora; stories must hold the reports on one event in languages of one script. The baseline joins titles by
Jaccard similarity, with the threshold that is best on the part "dev". `--articles N` fills a database with N
made articles and measures the last ones.
"""

import argparse
import sys
from collections import Counter
from collections.abc import Hashable, Sequence

from rich.console import Console
from rich.table import Table

from bench.stories.background import background
from bench.stories.cost import costs
from bench.stories.measure import THRESHOLDS, Clusters, by_archive, by_titles
from bench.stories.reports import KINDS, LANGUAGES, Report, reports
from bench.stories.scores import Scores, b_cubed


def main(arguments: Sequence[str]) -> int:
    """Measure and print; return 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--part", choices=tuple(KINDS), default="test")
    parser.add_argument("--background", type=int, default=600, help="true articles among the reports")
    parser.add_argument("--articles", type=int, default=10_000, help="articles of the cost; 0: none")
    options = parser.parse_args(arguments)
    console = Console()
    chosen, given = mixed("dev", options.background), mixed(options.part, options.background)
    found = by_archive(given)
    for alone in (False, True):
        threshold = best_threshold(chosen, alone)
        _show(
            console,
            given,
            {"stories": found.clusters, f"titles {threshold}": by_titles(given, threshold)},
            alone,
        )
    console.print(f"{found.milliseconds:.2f} ms of CPU an article for all analyses, {found.changes} changes")
    for cost in costs(options.articles):
        console.print(
            f"{cost.articles:,} articles: {cost.milliseconds:.2f} ms of CPU for one of the last, "
            f"{cost.bytes_each:.0f} bytes an article"
        )
    return 0


def mixed(part: str, count: int) -> list[Report]:
    """Return the reports of a part and the background, in the order of time."""
    return sorted((*reports(part), *background(part, count)), key=lambda report: (report.at, report.title))


def best_threshold(given: Sequence[Report], alone: bool) -> float:
    """Return the threshold of the baseline with the highest F1."""
    return max(THRESHOLDS, key=lambda one: scores(given, by_titles(given, one), alone).f1)


def scores(given: Sequence[Report], found: Clusters, alone: bool, language: str = "") -> Scores:
    """Score the reports on events, all or those in a language. alone: each language by itself."""
    places = range(len(given))
    truth: dict[int, Hashable] = {place: given[place].story or place for place in places}
    if alone:
        truth = {place: (truth[place], given[place].language) for place in places}
        found = {place: (found[place], given[place].language) for place in places}
    counted = [
        place
        for place in places
        if given[place].story is not None and language in ("", given[place].language)
    ]
    return b_cubed(found, truth, counted)


def left_alone(given: Sequence[Report], found: Clusters) -> float:
    """Return the share of the background in no story."""
    sizes = Counter(found.values())
    own = [found[place] for place, report in enumerate(given) if report.story is None]
    return sum(sizes[one] == 1 for one in own) / max(len(own), 1)


def _show(console: Console, given: Sequence[Report], ways: dict[str, Clusters], alone: bool) -> None:
    title = "each language by itself" if alone else "languages of one script together"
    table = Table(
        "", "reports", *(f"{name}\n{what}" for name in ways for what in ("P", "R", "F1")), title=title
    )
    for language in ("", *(LANGUAGES if alone else ())):
        found = [scores(given, clusters, alone, language) for clusters in ways.values()]
        figures = [f"{value:.3f}" for one in found for value in (one.precision, one.recall, one.f1)]
        table.add_row(language or "all", str(found[0].articles), *figures)
    console.print(table)
    shares = ", ".join(f"{left_alone(given, clusters):.3f} ({name})" for name, clusters in ways.items())
    count = sum(report.story is None for report in given)
    console.print(f"background of {count} articles left alone: {shares}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
