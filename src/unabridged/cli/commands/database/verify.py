"""The command `verify`: check the archive, or a proof bundle."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from unabridged.archive.records.maintenance import Verified
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.event_loop import run_async
from unabridged.cli.support.progress import ProgressBar
from unabridged.cli.support.terminal import plain
from unabridged.errors import ArchiveError, ArchiveLocked, ArchiveUnwritable, ExtractError, ProofRefused
from unabridged.formats.proof.checked import CheckedBundle, check_bundle
from unabridged.formats.proof.layout import MAX_BYTES
from unabridged.text.diff import compare

MOST_LISTED = 50


def verify(
    context: typer.Context,
    bundle: Annotated[
        Path | None,
        typer.Argument(
            help="A proof bundle, checked without the archive; default: the archive.", show_default=False
        ),
    ] = None,
) -> None:
    """Check the integrity of the archive, or of a proof bundle.

    Recomputes the hash of every version, raw page and picture, follows every reference, and runs the
    database's own check. Changes nothing. Exit code 8: something is broken; it is listed, and everything
    else stays readable. Exit code 10: nothing was found broken, but something could not be checked now,
    because another program holds the archive or it cannot be written.

    With a proof bundle (made by `unabridged proof`): checks every byte of it, then extracts the raw page
    again with today's extractor. Exit code 7: the bundle was changed, or is none. Exit code 6: the bundle is
    as it was made, but today's extractor does not get the same words from its page.
    """
    cli = get_context(context)
    if bundle is None:
        _verify_archive(cli)
    else:
        _verify_bundle(cli, bundle)


def _verify_archive(cli: CliContext) -> None:
    try:
        with cli.archive() as archive, ProgressBar(cli) as bar:
            found = archive.maintenance.verify(watch=bar.watch)
    except ArchiveUnwritable as exc:  # it could not be opened
        found = Verified(counts={}, problems=(), broken=0, unchecked=(str(exc),))
    if cli.json:
        cli.show_json(asdict(found))
    else:
        show_verified(cli, found)
    if found.broken:
        raise typer.Exit(ArchiveError.exit_code)
    if found.unchecked:
        raise typer.Exit(ArchiveLocked.exit_code)


def show_verified(cli: CliContext, found: Verified) -> None:
    """Print what was checked and what is broken."""
    for problem in found.problems[:MOST_LISTED]:
        cli.stdout.print(plain(f"{problem.what}: {problem.why}", "red"))
    if found.broken > MOST_LISTED:
        cli.stdout.print(f"… and {found.broken - MOST_LISTED} more (unabridged --json verify).")
    counted = ", ".join(f"{count:,} {kind}" for kind, count in found.counts.items())
    for why in found.unchecked:
        cli.stderr.print(plain(f"Not checked: {why}", "yellow"))
    if found.broken:
        cli.info(f"{counted} checked: {found.broken} broken. A backup may hold valid copies (restore).")
    elif found.unchecked:
        checked = f"{counted} checked: nothing is broken. " if counted else ""
        cli.info(f"{checked}The rest was not checked; run this again later.")
    else:
        cli.info(f"{counted} checked: all is well.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Reextracted:
    """Comparison of a bundle's text with what today's extractor gets from its raw page.

    same: the words are the same. learnt: they differ, and the text was read by the profile of its site, which
    the bundle has not. joined: the article continues on pages that are not in the bundle, and its
    text holds all that the first page gives. no-page: the bundle has no raw page.
    """

    result: Literal["same", "learnt", "joined", "different", "failed", "no-page"]
    added: int = 0
    removed: int = 0
    reason: str = ""


def _verify_bundle(cli: CliContext, path: Path) -> None:
    checked = check_bundle(_bytes_of(path))
    again = run_async(_reextract(checked, cli))
    if cli.json:
        cli.show_json({"sha256": checked.sha256, "manifest": checked.manifest, "extracted": asdict(again)})
    else:
        _show_bundle(cli, checked, again)
    if again.result in ("different", "failed"):
        raise typer.Exit(ExtractError.exit_code)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ProofRefused(f"{path} is larger than any proof bundle.", "the file")
        return path.read_bytes()
    except OSError as exc:
        raise ProofRefused(f"{path} cannot be read: {exc.strerror}.", "the file") from exc


async def _reextract(checked: CheckedBundle, cli: CliContext) -> Reextracted:
    """Extract the raw page in a child process with limits: the page may be hostile."""
    if checked.page is None:
        return Reextracted(result="no-page")
    from unabridged.poll.extractor.pool import Extractor  # loads parsers of pages

    async with Extractor(1, rules=cli.settings.poll.rules) as extractor:
        try:
            part = await extractor.page(checked.page, entry=checked.entry, now=checked.page.fetched)
        except ExtractError as exc:
            return Reextracted(result="failed", reason=str(exc))
    found = compare(checked.text, part.article.text)
    if not part.is_complete and not found.added:
        return Reextracted(result="joined", removed=found.removed)
    if not found.added and not found.removed and checked.text.split() == part.article.text.split():
        return Reextracted(result="same")
    result: Literal["learnt", "different"] = "learnt" if checked.learnt else "different"
    return Reextracted(result=result, added=found.added, removed=found.removed)


def _show_bundle(cli: CliContext, checked: CheckedBundle, again: Reextracted) -> None:
    manifest: Any = checked.manifest
    lines = [
        f"Title: {manifest['title']}",
        f"Address: {manifest['url']}",
        f"Version: {manifest['version']} of article {manifest['article']}, saved {manifest['saved']}",
        f"SHA-256 of the version: {manifest['sha256']}",
    ]
    if checked.page is not None:
        lines.append(f"SHA-256 of the raw page: {manifest['raw_page']['sha256']}")
        lines.append(f"Page fetched: {checked.page.fetched.isoformat()} from {checked.page.final_url}")
    lines.append(f"Completeness: {_completeness(manifest['completeness'])}")
    lines.append(f"SHA-256 of the bundle: {checked.sha256}")
    for line in lines:
        cli.stdout.print(plain(line))
    cli.stdout.print(plain("The bundle is as it was made: every byte was checked.", "green"))
    good = again.result not in ("different", "failed")
    cli.stdout.print(plain(_in_words(again), "green" if good else "yellow"))


def _completeness(found: Any) -> str:
    evidence = found.get("evidence") or []
    words = "; ".join(str(one) for one in evidence) if isinstance(evidence, list) else ""
    return f"{found.get('kind')}" + (f" ({words})" if words else "")


def _in_words(again: Reextracted) -> str:
    match again.result:
        case "same":
            return "The text follows from the page: today's extractor gets the same words from it."
        case "joined":
            return (
                "The article continues on pages that are not in the bundle. All that today's extractor gets "
                f"from the first page is in the text, which has {again.removed} more words."
            )
        case "learnt":
            return (
                "The text was read by what was learnt about its site, which is not in the bundle. The "
                f"general extraction gets {again.added} words that are not in the text, and {again.removed} "
                "words fewer."
            )
        case "different":
            return (
                "Today's extractor gets other words from the page: "
                f"{again.added} words that are not in the text, and {again.removed} words fewer."
            )
        case "failed":
            return f"Today's extractor gets no article from the page: {again.reason}"
        case "no-page":
            return "The bundle has no raw page: its text is the feed's own, or was imported."


commands: dict[str, Callable[..., None]] = {"verify": verify}
