"""`demo` and `sample` as programs: they print where they are, and Ctrl-C ends them cleanly."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def program(*words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "unabridged", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate()


def lines_until(process: subprocess.Popen[str], wanted: str) -> list[str]:
    """What the program prints up to the first line that holds `wanted`."""
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if wanted in line:
            return lines
    pytest.fail(f"ended without {wanted!r}: {''.join(lines)}")


def interrupt(process: subprocess.Popen[str]) -> tuple[int, str]:
    """Ctrl-C; the exit code, and what is printed on the way out."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=300)
    return process.returncode, out + err


def test_sample_prints_its_feeds_and_ends_with_ctrl_c(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    with program("sample", "--with", "drip", "--log", str(log)) as process:
        lines = lines_until(process, "(drip)")
        code, said = interrupt(process)
    assert any(re.search(r"http://127\.0\.0\.\d+:\d+/feeds/latest\.xml", line) for line in lines)
    assert code in (0, 130) and "Traceback" not in said


def test_demo_prints_the_reader_and_the_feeds_and_ends_with_ctrl_c() -> None:
    with program("demo", "--port", "0") as process:
        lines = lines_until(process, "Ctrl-C ends")
        code, said = interrupt(process)
    text = "".join(lines)
    assert re.search(r"reader: +http://127\.0\.0\.1:\d+/", text, re.IGNORECASE)
    assert re.search(r"/feeds/\d+\.(rss|atom|json)", text)
    assert code in (0, 130) and "Traceback" not in said and "has ended" in said
