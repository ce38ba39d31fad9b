"""Consoles that print outside text literally.

No markup is interpreted, control sequences are removed, and a `str` stays on one line. Styles are passed
beside a text, never inside it. No other module imports rich.
"""

import sys
from collections.abc import Callable, Collection, Iterable
from typing import Any

from rich.console import Console as RichConsole
from rich.console import ConsoleOptions, JustifyMethod, OverflowMethod, RenderableType
from rich.filesize import decimal
from rich.progress import (
    BarColumn,
    DownloadColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from unabridged.clean_streams import underlying
from unabridged.text.controls import on_one_line, without_controls

__all__ = [
    "BarColumn",
    "Console",
    "DownloadColumn",
    "MofNCompleteColumn",
    "Progress",
    "ProgressColumn",
    "Table",
    "TaskID",
    "Text",
    "TimeElapsedColumn",
    "TimeRemainingColumn",
    "decimal",
    "joined",
    "make_console",
    "plain",
    "rendered",
    "table",
    "text_column",
]

PIPE_WIDTH = 400
"""Width of a table in a pipe, in columns: wide enough that nothing is cut."""


class Console(RichConsole):
    """A console that removes control sequences from everything that it renders."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"markup": False, "emoji": False, "highlight": False})

    def render_str(
        self,
        text: str,
        *,
        style: str | Style = "",
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        emoji: bool | None = None,
        markup: bool | None = None,
        highlight: bool | None = None,
        highlighter: Callable[[str | Text], Text] | None = None,
    ) -> Text:
        """Return a text literally, on one line."""
        return Text(on_one_line(text), style=style, justify=justify, overflow=overflow)

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """Return the rendered segments, cleaned. Everything that is printed passes through here."""
        return map(_cleaned, super().render(renderable, options))


def _cleaned(segment: Segment) -> Segment:
    if segment.control:  # cursor movements of the progress bars
        return segment
    text, style = without_controls(segment.text), segment.style
    if (
        style is not None and style.link
    ):  # a link is written as a control sequence that holds an outside address
        style = style.update_link(None)
    return segment if text is segment.text and style is segment.style else Segment(text, style)


def make_console(*, stderr: bool) -> Console:
    """Return the console of stdout or stderr. In a pipe, lines and tables are not wrapped."""
    stream = underlying(sys.stderr if stderr else sys.stdout)
    if stream.isatty():
        return Console(file=stream)
    return Console(file=stream, soft_wrap=True, width=PIPE_WIDTH)


def plain(text: str, style: str = "") -> Text:
    """Return text on one line, printed literally: `[title]` is not markup."""
    return Text(on_one_line(text), style=style)


def joined(*parts: Text) -> Text:
    """Return the parts joined to one line."""
    return Text().join(parts)


def rendered(markdown: str) -> RenderableType:
    """Return Markdown rendered for a terminal; the target of a link is printed beside it."""
    from rich.markdown import Markdown  # 0.03 s to load, with its parser

    return Markdown(without_controls(markdown), hyperlinks=False)


def table(*headings: str, right: Collection[str] = (), show_header: bool = True) -> Table:
    """Return an empty table. right: the headings of right-aligned columns."""
    made = Table(box=None, pad_edge=False, header_style="dim", show_header=show_header)
    for heading in headings:
        made.add_column(heading, justify="right" if heading in right else "left")
    return made


def text_column(field: str = "description", style: str = "none") -> TextColumn:
    """Return a column of a progress bar that shows a task's description, or another of its fields."""
    name = field if field == "description" else f"fields[{field}]"
    return TextColumn(f"{{task.{name}}}", style=style, markup=False)
