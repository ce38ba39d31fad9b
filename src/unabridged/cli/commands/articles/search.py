"""The command `search`: full-text search with a snippet for each hit."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.search import HighlightSpan, Hit, Hits, Sort
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.progress import ProgressBar
from unabridged.cli.support.terminal import Text, joined, plain

MARK = "bold yellow"


def search(
    context: typer.Context,
    words: Annotated[list[str] | None, typer.Argument(help="Search query.")] = None,
    history: Annotated[
        bool, typer.Option("--history", help="Search earlier versions for text that the current ones lack.")
    ] = False,
    sort: Annotated[str, typer.Option("--sort", help="newest or best first.")] = "newest",
    limit: Annotated[int, typer.Option("--limit", "-n", min=1, max=1000, help="Hits to show.")] = 10,
    before: Annotated[
        str | None, typer.Option("--before", help="Continue after the previous hits: their `next`.")
    ] = None,
    reindex: Annotated[bool, typer.Option("--reindex", help="Rebuild the index first.")] = False,
) -> None:
    """Search articles, in any language.

    \b
    unabridged search white whale            both words, anywhere
    unabridged search '"white whale"'        a phrase
    unabridged search 'whal*'                words that begin with it
    unabridged search 圖書館                  Chinese, Japanese, Korean, Thai: any part of a word
    unabridged search 'whale OR ship -film'  either word, and not film
    unabridged search title:whale author:melville site:example.org lang:en
    unabridged search feed:3 tag:sea is:unread is:starred is:changed after:2024-02 before:7d
    unabridged search --history minister     text that publishers removed

    Case, accents and character width are ignored, and so is the difference between Traditional and
    Simplified Chinese, hiragana and katakana. The newest come first; --sort best ranks the newest 2,000
    hits. Put -- before a word that begins with -.
    """
    cli = get_context(context)
    asked = " ".join(words or [])
    if sort not in ("newest", "best"):
        raise typer.BadParameter(f"{sort!r} is not a sort order. Type newest or best.", param_hint="--sort")
    order: Sort = "best" if sort == "best" else "newest"
    with cli.archive() as archive:
        _update_index(archive, cli, reindex)
        if reindex and not asked:
            return
        found = archive.library().search.hits(asked, history=history, sort=order, before=before, limit=limit)
        _show(cli, found)


def _update_index(archive: Archive, cli: CliContext, reindex: bool) -> None:
    """Index pending articles, with a bar. After Ctrl-C the next search continues."""
    if reindex:
        archive.search_index.clear()
    with ProgressBar(cli) as bar:
        archive.search_index.index_all(watch=bar.watch)
    if reindex:
        cli.info(f"{archive.search_index.state().indexed:,} articles are indexed.")


def _show(cli: CliContext, found: Hits) -> None:
    if cli.json:
        cli.show_json({"hits": [_as_json(hit) for hit in found.hits], "next": found.next})
        return
    for hit in found.hits:
        for line in _hit_lines(hit):
            cli.stdout.print(line)
        cli.stdout.print()
    if not found.hits:
        cli.info("Nothing found. Try fewer words, a prefix with a star (whal*), or --history.")
    elif found.next:
        cli.info(f"There are more hits: use --limit, or --before {found.next}")


def _hit_lines(hit: Hit) -> tuple[Text, ...]:
    line = hit.headline
    where = f"        {line.at:%Y-%m-%d}  {line.feed_title or line.source}"
    if hit.version is not None:
        place = f"in version {hit.version}" if hit.version else "in the feed's own text"
        where += f"  {place}: unabridged history {line.id}"
    return (
        joined(plain(f"{line.id:>6}  ", "dim"), _marked(hit.title, "bold")),
        plain(where, "dim"),
        joined(plain("        "), _marked(hit.snippet, "")),
    )


def _marked(pieces: tuple[HighlightSpan, ...], style: str) -> Text:
    return joined(*(plain(piece.text, MARK if piece.hit else style) for piece in pieces))


def _as_json(hit: Hit) -> dict[str, Any]:
    line = hit.headline
    return {
        "id": line.id,
        "url": line.url,
        "title": line.title,
        "snippet": "".join(piece.text for piece in hit.snippet),
        "marked": [piece.text for piece in (*hit.title, *hit.snippet) if piece.hit],
        "version": hit.version,
        "published": line.published,
        "at": line.at,
        "feed": line.feed_id,
        "feed_title": line.feed_title,
        "language": line.language,
        "read": line.read,
        "starred": line.starred,
        "edits": line.edits,
        "edited": line.edited,
    }


commands: dict[str, Callable[..., None]] = {"search": search}
