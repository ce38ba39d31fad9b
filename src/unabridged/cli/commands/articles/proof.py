"""The command `proof`: one version of an article with its raw page and hashes, in one file."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from unabridged.cli.support.context import get_context
from unabridged.cli.support.lookup import article_number
from unabridged.cli.support.terminal import decimal
from unabridged.formats.output_files import whole_file
from unabridged.formats.proof.bundle import proof_bundle
from unabridged.formats.proof.layout import digest


def proof(
    context: typer.Context,
    article: Annotated[str, typer.Argument(help="Number or address of an article.")],
    out: Annotated[Path, typer.Option("--out", "-o", help="File to write: FILE.zip.")],
    version: Annotated[int | None, typer.Option("--version", help="Default: the newest version.")] = None,
) -> None:
    """Write a proof bundle of one version of an article.

    One zip file with the clean text, the raw page exactly as it was received with its headers, and the
    SHA-256 of each. Anybody can check it without the archive: unabridged verify FILE.zip. The same archive
    makes the same bytes.
    """
    cli = get_context(context)
    with cli.archive() as archive:
        number = article_number(archive, article)
        data = proof_bundle(archive.library(), number, version)
    with whole_file(out) as file:
        file.write(data)
    if cli.json:
        cli.show_json({"file": str(out), "bytes": len(data), "sha256": digest(data)})
    else:
        cli.info(f"{decimal(len(data))} written to {out}. SHA-256: {digest(data)}")
        cli.info(f"To check it: unabridged verify {out}")


commands: dict[str, Callable[..., None]] = {"proof": proof}
