"""Printing why a page became the article it became, for people who never saw the model."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

from unabridged.cli.support.context import CliContext
from unabridged.cli.support.terminal import plain
from unabridged.extraction.explain import ExplainedBlock, Explanation

LEAST_RUN = 4
"""Dropped blocks in a row that are told in one line."""
SHOWN = 100  # characters of a block's text
TOLD_OF_RUN = 5
_NAMES = (
    "title",
    "authors",
    "credit",
    "published",
    "modified",
    "language",
    "site_name",
    "section",
    "lead_image",
)
LEGEND = (
    "",
    "The page's blocks in order. The number is what a block's own evidence says (log-odds: above 0 speaks",
    "for the story); then its neighbours have their say, so that a weak block amid strong ones stays. Under",
    "each: where it stands, and what weighed most.",
    "",
)


def show_explanation(found: Explanation, cli: CliContext) -> None:
    """Print what was found with its sources, then the blocks, dropped ones in a row together."""
    if cli.json:
        cli.show_json(asdict(found))
        return
    for line in summary(found):
        cli.stdout.print(plain(line))
    for line in LEGEND:
        cli.stdout.print(plain(line, "dim"))
    for dropped, run in groupby(found.rows, key=lambda row: not (row.kept or row.removed)):
        rows = list(run)
        if dropped and len(rows) >= LEAST_RUN:
            show_run(rows, cli)
        else:
            for row in rows:
                show_row(row, cli)


def summary(found: Explanation) -> Iterator[str]:
    """What was found: each field with its source, the verdict, how the text was chosen, remarks."""
    article = found.article
    for name in _NAMES:
        value = getattr(article, name)
        if value:
            said = ", ".join(value) if isinstance(value, tuple) else str(value)
            source = article.provenance.get("authors" if name == "credit" else name, "page")
            yield f"{name.replace('_', ' '):12}{said[:SHOWN]}  (from: {source})"
    told = article.completeness
    yield f"{'complete':12}{told.kind}: {'; '.join(told.evidence)}"
    kept = sum(row.kept for row in found.rows)
    chosen = f"{kept} of {len(found.rows)} blocks; chosen {found.method}"
    yield f"{'text':12}{chosen}; expected to be {found.confidence:.0%} right"
    for note in (*found.notes, *article.warnings):
        yield f"{'note':12}{note}"


def show_row(row: ExplainedBlock, cli: CliContext) -> None:
    mark, style = (
        ("kept   ", "green") if row.kept else ("left   ", "yellow") if row.removed else ("dropped", "dim")
    )
    cli.stdout.print(plain(f"{mark} {row.score:+6.2f}  {row.text[:SHOWN]}", style))
    if row.removed:
        why = "chosen, then left out: the headline again, a by-line, a caption or a line of service"
        cli.stdout.print(plain(f"{'':16}{why}", "yellow"))
    cli.stdout.print(plain(f"{'':16}{row.place}: {'; '.join(row.evidence)}", "dim"))


def show_run(rows: Sequence[ExplainedBlock], cli: CliContext) -> None:
    """Print dropped blocks that stand in a row in two lines: what they say, and what weighed most."""
    scores = [row.score for row in rows]
    texts = " · ".join(row.text[:30] for row in rows[:TOLD_OF_RUN])
    more = " · … (all with --json)" if len(rows) > TOLD_OF_RUN else ""
    cli.stdout.print(
        plain(f"dropped {len(rows)} blocks, {min(scores):+.1f} to {max(scores):+.1f}: {texts}{more}", "dim")
    )
    strongest = min(rows, key=lambda row: row.score)
    cli.stdout.print(plain(f"{'':16}{strongest.place}: {'; '.join(strongest.evidence)}", "dim"))
