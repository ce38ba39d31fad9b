"""Output of `read --explain`: the article's fields and the decision about every block."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from itertools import groupby

from unabridged.cli.support.context import CliContext
from unabridged.cli.support.terminal import plain
from unabridged.extraction.explain import ExplainedBlock, Explanation

LEAST_RUN = 4
"""Dropped blocks in a row, from which on they are summed up in two lines."""
LEAST_SHOWN = 0.05
"""Probability of a kind of page from which it is shown."""
SHOWN = 100  # characters of a block's text
SHOWN_OF_RUN = 5
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
    "The page's blocks in order. The number is a block's own score (log-odds: above 0 it is likely part",
    "of the article). Its neighbours then count too, so that a weak block between strong ones is kept.",
    "The line below names its place in the page and the features that weighed most.",
    "",
)


def show_explanation(found: Explanation, cli: CliContext) -> None:
    """Print the fields with their sources, then the blocks. Runs of dropped blocks are summed up."""
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
    """Yield lines: each field with its source, the completeness, the choice of the text, the notes."""
    article = found.article
    for name in _NAMES:
        value = getattr(article, name)
        if value:
            shown = ", ".join(value) if isinstance(value, tuple) else str(value)
            source = article.provenance.get("authors" if name == "credit" else name, "page")
            yield f"{name.replace('_', ' '):12}{shown[:SHOWN]}  (from: {source})"
    verdict = article.completeness
    yield f"{'complete':12}{verdict.kind}: {'; '.join(verdict.evidence)}"
    likely = [f"{kind} {chance:.0%}" for kind, chance in found.kinds.items() if chance >= LEAST_SHOWN]
    if likely:
        yield f"{'page':12}{', '.join(likely)}"
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
        why = "selected, then removed: the headline again, a by-line, a caption or a service line"
        cli.stdout.print(plain(f"{'':16}{why}", "yellow"))
    cli.stdout.print(plain(f"{'':16}{row.place}: {'; '.join(row.evidence)}", "dim"))


def show_run(rows: Sequence[ExplainedBlock], cli: CliContext) -> None:
    """Print a run of dropped blocks in two lines: their beginnings, and the features of the weakest one."""
    scores = [row.score for row in rows]
    texts = " · ".join(row.text[:30] for row in rows[:SHOWN_OF_RUN])
    more = " · … (all with --json)" if len(rows) > SHOWN_OF_RUN else ""
    cli.stdout.print(
        plain(f"dropped {len(rows)} blocks, {min(scores):+.1f} to {max(scores):+.1f}: {texts}{more}", "dim")
    )
    strongest = min(rows, key=lambda row: row.score)
    cli.stdout.print(plain(f"{'':16}{strongest.place}: {'; '.join(strongest.evidence)}", "dim"))
