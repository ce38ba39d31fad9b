"""The commands `demo` and `sample`: the sample publisher, with and without Unabridged."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from unabridged.cli.commands.servers.serve import run_until_interrupted
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.event_loop import run_async
from unabridged.demo import check_demo, run_demo
from unabridged.sample.layout import read_site
from unabridged.sample.server import DEFAULT_SITES, SamplePublisher


def demo(
    context: typer.Context,
    check: Annotated[
        bool,
        typer.Option("--check", help="Unattended: compare every article with its expected text, then exit."),
    ] = False,
    site: Annotated[
        list[Path] | None, typer.Option("--site", help="Your own publisher folder (see the docs).")
    ] = None,
    port: Annotated[int, typer.Option("--port", "-p", help="Port of the web reader; 0: a free one.")] = 8200,
) -> None:
    """Try everything on a sample publisher.

    Subscribes, polls, reads and serves, offline; leaves no files.

    With --check the exit code is 0 only if every article equals its expected text.
    """
    cli = get_context(context)
    if check:
        raise typer.Exit(run_async(check_demo(sites=site or (), console=cli.stdout)))
    run_until_interrupted(run_demo(sites=site or (), port=port, console=cli.stdout))


def sample(
    context: typer.Context,
    cases: Annotated[
        str, typer.Option("--with", help="Cases to enable, separated by commas: edit,paywall,…")
    ] = "",
    site: Annotated[list[Path] | None, typer.Option("--site", help="Your own publisher folder.")] = None,
    step: Annotated[
        float, typer.Option("--step", help="Seconds before the first change and between changes.")
    ] = 60.0,
    port: Annotated[int, typer.Option("--port", "-p", help="Port of the first site; 0: free ones.")] = 0,
    log: Annotated[Path | None, typer.Option("--log", help="File to log every request to (JSONL).")] = None,
) -> None:
    """Serve only the sample publisher.

    To try Unabridged or any other reader with it."""
    cli = get_context(context)
    wanted = tuple(filter(None, (name.strip() for name in cases.split(","))))
    sites = [read_site(folder) for folder in site] if site else DEFAULT_SITES
    publisher = SamplePublisher(sites, cases=wanted, port=port, log_file=log, step=step)
    run_until_interrupted(_sample(publisher, cli))


async def _sample(publisher: SamplePublisher, cli: CliContext) -> None:
    async with publisher:
        for feed in publisher.feeds:
            cli.stdout.print(feed)
        for faulty in publisher.faulty:
            for feed in faulty.served.feeds:
                cli.stdout.print(f"{feed}   ({faulty.name})")
        cli.info("Ctrl-C stops it. To let Unabridged fetch it: UNABRIDGED_FETCH_ALLOW_PRIVATE=127.0.0.0/8")
        await asyncio.Event().wait()


commands: dict[str, Callable[..., None]] = {"demo": demo, "sample": sample}
