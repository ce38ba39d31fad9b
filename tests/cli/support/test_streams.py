"""Results and log lines without control sequences."""

import io
import logging
import sys

from unabridged.cli.support.streams import CleanBytes, LineFormatter, clean_text


def test_text_loses_controls_and_keeps_lines_and_tabs() -> None:
    assert clean_text("a\x1b[31mb\n\tc\x07 é\u202e".encode()).decode() == "ab\n\tc é"
    assert clean_text(b"\xff ok").decode() == "\ufffd ok"


def test_a_stream_cleans_each_write_and_tells_how_much_it_was_given() -> None:
    below = io.BytesIO()
    stream = CleanBytes(below, clean_text)
    assert stream.write(b"a\x07b") == 3
    stream.flush()
    assert below.getvalue() == b"ab"
    assert stream.writable()


def record(message: str, error: bool = False) -> logging.LogRecord:
    trace = sys.exc_info() if error else None
    return logging.LogRecord("unabridged", logging.ERROR, "x.py", 1, message, (), trace)


def test_no_message_makes_a_log_line_of_its_own() -> None:
    lines = (
        LineFormatter("%(levelname)s:%(message)s").format(record("first\nERROR:forged\x1b[2J")).split("\n")
    )
    assert lines == ["ERROR:first", "    ERROR:forged"]


def test_a_traceback_is_indented() -> None:
    try:
        raise ValueError("one\ntwo")
    except ValueError:
        lines = LineFormatter("%(message)s").format(record("failed", error=True)).split("\n")
    assert lines[0] == "failed"
    assert all(line.startswith("    ") for line in lines[1:])
    assert "    two" in lines
