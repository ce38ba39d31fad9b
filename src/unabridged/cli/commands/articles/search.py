"""The verb search: what is in the archive, in any language, with a snippet of each article."""

from collections.abc import Callable
from typing import Annotated, Any

import typer

from unabridged.archive.facade.archive import Archive
from unabridged.archive.records.search import HighlightSpan, Hit, Hits, Sort
from unabridged.cli.support.bars import Bar
from unabridged.cli.support.context import Door, door_of
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
    door = door_of(context)
    asked = " ".join(words or [])
    if sort not in ("newest", "best"):
        raise typer.BadParameter(f"{sort!r} is no order. Type newest or best.", param_hint="--sort")
    order: Sort = "best" if sort == "best" else "newest"
    with door.archive() as archive:
        _make_ready(archive, door, reindex)
        if reindex and not asked:
            return
        found = archive.library().search.hits(asked, history=history, sort=order, before=before, limit=limit)
        _show(door, found)


def _make_ready(archive: Archive, door: Door, reindex: bool) -> None:
    """Index what waits, with a bar; Ctrl-C leaves the rest for the next time."""
    if reindex:
        archive.search_index.clear()
    with Bar(door) as bar:
        archive.search_index.index_all(watch=bar.watch)
    if reindex:
        door.say(f"{archive.search_index.state().indexed:,} articles are indexed.")


def _show(door: Door, found: Hits) -> None:
    if door.json:
        door.show_json({"hits": [_as_json(hit) for hit in found.hits], "next": found.next})
        return
    for hit in found.hits:
        for line in _lines(hit):
            door.out.print(line)
        door.out.print()
    if not found.hits:
        door.say("Nothing found. Try fewer words, the beginning of one with a star (whal*), or --history.")
    elif found.next:
        door.say(f"There are more: --limit, or --before {found.next}")


def _lines(hit: Hit) -> tuple[Text, ...]:
    line = hit.headline
    where = f"        {line.at:%Y-%m-%d}  {line.feed_title or line.source}"
    if hit.version is not None:
        where += f"  in version {hit.version}: unabridged history {line.id}"
    return (
        joined(plain(f"{line.id:>6}  ", "dim"), _marked(hit.title, "bold")),
        plain(where, "dim"),
        joined(plain("        "), _marked(hit.snippet, "")),
    )


def _marked(spans: tuple[HighlightSpan, ...], style: str) -> Text:
    return joined(*(plain(span.text, MARK if span.hit else style) for span in spans))


def _as_json(hit: Hit) -> dict[str, Any]:
    line = hit.headline
    return {
        "id": line.id,
        "url": line.url,
        "title": line.title,
        "snippet": "".join(span.text for span in hit.snippet),
        "marked": [span.text for span in (*hit.title, *hit.snippet) if span.hit],
        "version": hit.version,
        "published": line.published,
        "at": line.at,
        "feed": line.feed_id,
        "feed_title": line.feed_title,
        "language": line.language,
        "read": line.read,
        "starred": line.starred,
    }


VERBS: dict[str, Callable[..., None]] = {"search": search}
