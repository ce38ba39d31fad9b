"""A day with the program miniflux-tui, by its keys, without a terminal. Prints what it saw as JSON.

Arguments: address, token, and "mark" (star, read, mark unread) or "" (look at starred and read entries).
"""

import asyncio
import json
import sys
from collections.abc import Callable
from typing import Any

from miniflux_tui.config import Config  # type: ignore[import-not-found]  # installed by the test
from miniflux_tui.ui.app import MinifluxTuiApp  # type: ignore[import-not-found]
from textual.widgets import Markdown  # type: ignore[import-not-found]

PATIENCE = 20.0
"""Seconds that a screen may take to come."""

address, token, mark = sys.argv[1:4]


class Program(MinifluxTuiApp):  # type: ignore[misc]
    """The program with a list of the errors that it showed."""

    def __init__(self) -> None:
        super().__init__(Config(address, ("echo", token)))
        self.errors: list[str] = []

    def notify(self, message: str, **more: Any) -> None:
        if more.get("severity") == "error":
            self.errors.append(message)
        super().notify(message, **more)


async def wait(pilot: Any, reached: Callable[[], object]) -> None:
    """Let the program go on until something is reached; raises TimeoutError."""
    async with asyncio.timeout(PATIENCE):
        while not reached():
            await pilot.pause(0.05)


def screen_is(program: Program, name: str) -> bool:
    return type(program.screen).__name__ == name and program.screen.is_mounted


def shown(program: Program) -> str:
    return str(program.screen.query_one(Markdown).source)


async def star_and_read(program: Program, pilot: Any) -> dict[str, Any]:
    """Star the first entry, read the second, read the third and take that back."""
    await pilot.press("f")
    await wait(pilot, lambda: any(one.starred for one in program.entries))
    [starred] = [one.id for one in program.entries if one.starred]
    await pilot.press("j", "enter")
    await wait(pilot, lambda: screen_is(program, "EntryReaderScreen"))
    read = program.screen.entry
    await wait(pilot, lambda: read.status == "read")
    text = shown(program)
    read.content = ""
    await pilot.press("d")
    await wait(pilot, lambda: read.content)
    await wait(pilot, lambda: shown(program))
    original = shown(program)
    await pilot.press("J")
    await wait(pilot, lambda: program.screen.entry is not read and program.screen.entry.status == "read")
    third = program.screen.entry
    await pilot.press("u")
    await wait(pilot, lambda: third.status == "unread")
    return {
        "starred": starred,
        "read": read.id,
        "unread_again": third.id,
        "shown": text,
        "original": original,
    }


async def look(program: Program, pilot: Any) -> dict[str, Any]:
    """Look at the starred entries and at the history."""
    before = list(program.entries)
    await pilot.press("g", "b")
    await wait(
        pilot, lambda: (program.current_view == "starred" and program.entries != before) or program.errors
    )
    starred = [one.id for one in program.entries]
    await pilot.press("H")
    await wait(pilot, lambda: screen_is(program, "EntryHistoryScreen"))
    await wait(pilot, lambda: program.screen.entries or program.errors)
    return {"starred": starred, "history": [one.id for one in program.screen.entries]}


async def day() -> dict[str, Any]:
    program = Program()
    async with program.run_test(size=(120, 40)) as pilot:
        await wait(pilot, lambda: screen_is(program, "EntryListScreen"))
        await wait(pilot, lambda: program.screen.list_view is not None)
        names = {one.id: one.title for one in program.categories}
        seen = {
            "categories": [one.title for one in program.categories],
            "feeds": {one.title: names[program.feed_category_map[one.id]] for one in program.feeds},
            "unread": sorted(one.id for one in program.entries),
        }
        step = star_and_read if mark else look
        return seen | await step(program, pilot) | {"errors": program.errors}


print(json.dumps(asyncio.run(day())))
