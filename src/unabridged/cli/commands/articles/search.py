"""The verb search: what is in the archive, in any language, with the passage where it stands."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.archive.facade.library.search import Hit, Hits
from unabridged.archive.search.executor import Sort
from unabridged.archive.search.highlight import Piece
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.progress import Bar
from unabridged.cli.support.terminal import Text, joined, plain

MARK = "bold yellow"


def search(
    context: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(help="What to look for.")] = None,
    history: Annotated[
        bool, typer.Option("--history", help="What was in earlier versions, and is in no current one.")
    ] = False,
    sort: Annotated[str, typer.Option("--sort", help="newest, or best.")] = "newest",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="Hits to show.")] = 10,
    before: Annotated[
        str | None, typer.Option("--before", help="Go on from here: the `next` of the hits before.")
    ] = None,
    reindex: Annotated[
        bool, typer.Option("--reindex", help="Make the index anew first, of the texts that are kept.")
    ] = False,
) -> None:
    """Find articles, in any language.

    \b
    unabridged search white whale            both words, wherever they stand
    unabridged search '"white whale"'        in a row        whal*     words that begin so
    unabridged search 圖書館                  Chinese, Japanese, Korean, Thai: any part of a word
    unabridged search whale OR ship -film    either, and without
    unabridged search title:whale author:melville site:example.org lang:en
    unabridged search feed:3 tag:sea is:unread is:starred is:changed after:2024-02 before:7d
    unabridged search --history minister     what publishers took out again

    Upper and lower case, accents, full and half width, Traditional and Simplified, hiragana and
    katakana are the same. Newest first; --sort best puts the best of the newest 2,000 hits first. A
    word that begins with - goes after --.
    """
    cli = get_context(context)
    asked = " ".join(words or [])
    if sort not in ("newest", "best"):
        raise typer.BadParameter(f"{sort!r} is no order. Type newest or best.", param_hint="--sort")
    order: Sort = "best" if sort == "best" else "newest"
    with cli.archive() as archive:
        _make_ready(archive, cli, reindex)
        if reindex and not asked:
            return
        found = archive.library().search.hits(asked, history=history, sort=order, before=before, limit=limit)
        _show(cli, found)


def _make_ready(archive: Archive, cli: CliContext, reindex: bool) -> None:
    """Index what waits, with a bar; Ctrl-C leaves the rest for the next time."""
    if reindex:
        archive.search_index.clear()
    with Bar(cli) as bar:
        archive.search_index.index_all(watch=bar.watch)
    if reindex:
        cli.info(f"{archive.search_index.state().indexed:,} articles are indexed.")


def _show(cli: CliContext, found: Hits) -> None:
    if cli.json:
        cli.show_json({"hits": [_as_json(hit) for hit in found.hits], "next": found.next})
        return
    for hit in found.hits:
        for line in _lines(hit):
            cli.stdout.print(line)
        cli.stdout.print()
    if not found.hits:
        cli.info("Nothing found. Try fewer words, the beginning of one with a star (whal*), or --history.")
    elif found.next:
        cli.info(f"There are more: --limit, or --before {found.next}")


def _lines(hit: Hit) -> tuple[Text, ...]:
    line = hit.headline
    where = f"        {line.at:%Y-%m-%d}  {line.feed_title or line.source}"
    if hit.version is not None:
        where += f"  in version {hit.version}: unabridged history {line.id}"
    return (
        joined(plain(f"{line.id:>6}  ", "dim"), _marked(hit.title, "bold")),
        plain(where, "dim"),
        joined(plain("        "), _marked(hit.passage, "")),
    )


def _marked(pieces: tuple[Piece, ...], style: str) -> Text:
    return joined(*(plain(piece.text, MARK if piece.hit else style) for piece in pieces))


def _as_json(hit: Hit) -> dict[str, Any]:
    line = hit.headline
    return {
        "id": line.id,
        "url": line.url,
        "title": line.title,
        "passage": "".join(piece.text for piece in hit.passage),
        "marked": [piece.text for piece in (*hit.title, *hit.passage) if piece.hit],
        "version": hit.version,
        "published": line.published,
        "at": line.at,
        "feed": line.feed_id,
        "feed_title": line.feed_title,
        "language": line.language,
        "read": line.read,
        "starred": line.starred,
    }


commands: dict[str, Callable[..., None]] = {"search": search}
