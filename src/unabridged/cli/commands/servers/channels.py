"""The command `channel`: webhooks that get events."""

from dataclasses import asdict
from typing import Annotated

import typer

from unabridged.archive.records.events import EVENT_KINDS, Channel, ChannelDraft, DeliveryFailure, Outgoing
from unabridged.automation.sender import check_address, open_client, send_test
from unabridged.cli.commands.database.events import Kind
from unabridged.cli.support.context import CliContext, get_context
from unabridged.cli.support.event_loop import run_async
from unabridged.cli.support.lookup import feed_number
from unabridged.cli.support.selection_options import FeedOption
from unabridged.cli.support.tables import command_group, local_time, print_rows, rows_table
from unabridged.cli.support.terminal import plain
from unabridged.dates.parse import utc_now
from unabridged.errors import FetchError

channel = command_group(
    "Manage webhooks that get events.\n\nEvents are sent while `serve`, `poll --watch` or a worker runs."
)

Number = Annotated[int, typer.Argument(help="Number of a channel.")]
Numbers = Annotated[list[int], typer.Argument(help="Numbers of channels.")]


@channel.command("add")
def channel_add(
    context: typer.Context,
    address: Annotated[str, typer.Argument(help="Address that gets the events; https.")],
    kind: Annotated[
        list[Kind] | None, typer.Option("--kind", help="Only this kind of events; may be repeated.")
    ] = None,
    feed: FeedOption = None,
) -> None:
    """Add a webhook, and show its secret, once. It gets the events from now on."""
    cli = get_context(context)
    with cli.archive() as archive:
        draft = ChannelDraft(
            address=check_address(address, cli.settings.fetch),
            kinds=tuple(one.value for one in kind) if kind else EVENT_KINDS,  # type: ignore[misc]
            feed=None if feed is None else feed_number(archive, feed),
        )
        made = archive.library().channels.add(draft, now=utc_now())
    if cli.json:
        cli.show_json({"secret": made.secret, **_fields(made.channel)})
        return
    cli.stdout.print(plain(made.secret))
    cli.info(f"Channel {made.channel.id}. Copy its secret now: it is not shown again.")


@channel.command("list")
def channel_list(context: typer.Context) -> None:
    """List channels with their state, their last delivery and their last failure."""
    cli = get_context(context)
    with cli.archive() as archive:
        found = archive.library().channels.all()
    if cli.json:
        cli.show_json([_fields(one) for one in found])
        return
    table = rows_table("id", "state", "address", "events", "delivered", "last failure")
    for one in found:
        kinds = "all" if one.kinds == EVENT_KINDS else " ".join(one.kinds)
        failure = f"{local_time(one.failed_at)} {one.failure.message}" if one.failure else ""
        delivered = local_time(one.delivered_at)
        table.add_row(str(one.id), one.state, plain(one.address), kinds, delivered, plain(failure))
    print_rows(cli, table, "No channels yet.")


@channel.command("test")
def channel_test(context: typer.Context, number: Number) -> None:
    """Send a test event to a channel now."""
    cli = get_context(context)
    with cli.archive() as archive:
        out = archive.library().channels.signing(number, now=utc_now())
    failure = run_async(_test(cli, out))
    if failure is not None:
        raise FetchError(out.channel.address, failure.message)
    cli.info(f"Channel {number} took the test event.")


async def _test(cli: CliContext, out: Outgoing) -> DeliveryFailure | None:
    async with open_client(cli.settings.fetch) as client:
        return await send_test(client, out, utc_now())


@channel.command("pause")
def channel_pause(context: typer.Context, numbers: Numbers) -> None:
    """Send nothing until a channel is resumed."""
    cli = get_context(context)
    with cli.archive() as archive:
        for number in numbers:
            archive.library().channels.pause(number)
            cli.info(f"Channel {number} is paused.")


@channel.command("resume")
def channel_resume(context: typer.Context, numbers: Numbers) -> None:
    """Go on after the last event that was delivered, as far as events are kept."""
    cli = get_context(context)
    with cli.archive() as archive:
        for number in numbers:
            archive.library().channels.resume(number, now=utc_now())
            cli.info(f"Channel {number} goes on.")


@channel.command("remove")
def channel_remove(context: typer.Context, numbers: Numbers) -> None:
    """Remove channels and their failed events."""
    cli = get_context(context)
    with cli.archive() as archive:
        for number in numbers:
            archive.library().channels.remove(number)
            cli.info(f"Channel {number} is removed.")


@channel.command("rotate")
def channel_rotate(context: typer.Context, number: Number) -> None:
    """Replace the secret and show the new one, once. The old one signs, too, for 24 hours."""
    cli = get_context(context)
    with cli.archive() as archive:
        made = archive.library().channels.rotate(number, now=utc_now())
    if cli.json:
        cli.show_json({"secret": made.secret, **_fields(made.channel)})
        return
    cli.stdout.print(plain(made.secret))
    cli.info(f"The old secret of channel {number} signs, too, until {local_time(made.channel.old_until)}.")


@channel.command("failed")
def channel_failed(
    context: typer.Context,
    number: Annotated[int | None, typer.Argument(help="Number of a channel; by default all.")] = None,
    again: Annotated[
        bool, typer.Option("--again", help="Have the failed events of the channel sent again.")
    ] = False,
) -> None:
    """List the events that could not be delivered for three days, or have them sent again."""
    cli = get_context(context)
    if again and number is None:
        raise typer.BadParameter("Name the channel whose events are to be sent again.")
    with cli.archive() as archive:
        channels = archive.library().channels
        if again and number is not None:
            count = channels.send_again(number)
            cli.info(f"{count} events of channel {number} are sent again.")
            return
        found = channels.dead_letters(number)
    if cli.json:
        cli.show_json([asdict(one) for one in found])
        return
    table = rows_table("channel", "number", "event", "happened", "failure")
    for one in found:
        told = "is sent again" if one.again else one.failure.message
        table.add_row(str(one.channel), str(one.event), one.kind, local_time(one.happened), plain(told))
    print_rows(cli, table, "No event failed.")


def _fields(one: Channel) -> dict[str, object]:
    return asdict(one)


commands: dict[str, typer.Typer] = {"channel": channel}
