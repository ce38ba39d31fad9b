"""The command `mcp`: the archive for agents, over standard input and output."""

import logging
from collections.abc import Callable
from importlib.util import find_spec
from typing import Annotated

import typer

from unabridged.archive.records.core import OWNER
from unabridged.cli.commands.servers.serve import run_until_interrupted
from unabridged.cli.support.context import get_context
from unabridged.cli.support.streams import log_to_stderr
from unabridged.errors import ConfigError, extra_advice


def mcp(
    context: typer.Context,
    user: Annotated[
        str | None,
        typer.Option("--user", help="Whose library it is, by name; default: the owner's."),
    ] = None,
    write: Annotated[
        bool,
        typer.Option("--write", help="Also subscribe, mark and save pages, which asks other sites."),
    ] = False,
) -> None:
    """Serve the archive to agents (MCP) over standard input and output.

    MCP is the Model Context Protocol. An agent's program starts this command by itself. Without --write
    nothing is changed and no site is asked. Over HTTP, `unabridged serve` answers at /mcp with the tokens of
    `unabridged token add`.
    """
    if find_spec("mcp") is None:
        raise ConfigError(f"The Model Context Protocol needs an extra of this program. {extra_advice('mcp')}")
    from unabridged.mcp_server.caller import Caller
    from unabridged.mcp_server.stdio import serve_stdio

    cli = get_context(context)
    log_to_stderr(logging.WARNING)
    with cli.archive(create=write) as archive:
        number = OWNER if user is None else archive.accounts.find(user).id
        caller = Caller(archive=archive, user=number)
        run_until_interrupted(serve_stdio(caller, cli.settings, write=write))


commands: dict[str, Callable[..., None]] = {"mcp": mcp}
