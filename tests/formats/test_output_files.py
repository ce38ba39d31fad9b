"""Files of an export: whole or not there, one writer at a time."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.formats.book.sample_articles import NOW, fill
from unabridged.archive import Archive
from unabridged.errors import ExportError
from unabridged.formats.export import EXPORTERS
from unabridged.formats.export_job import ExportJob
from unabridged.formats.output_files import whole_file


def test_an_export_that_was_killed_leaves_no_file_and_the_next_one_is_whole(
    archive: Archive, tmp_path: Path
) -> None:
    target = tmp_path / "all.jsonl"
    code = (
        "import os, signal\nfrom pathlib import Path\n"
        "from unabridged.formats.output_files import whole_file\n"
        f"with whole_file(Path({str(target)!r})) as file:\n"
        "    file.write(b'half a line'); file.flush(); os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False)
    assert done.returncode == -signal.SIGKILL
    assert not target.exists()
    fill(archive)

    EXPORTERS["jsonl"](archive, ExportJob(now=NOW), target)

    assert [one.name for one in tmp_path.iterdir() if "jsonl" in one.name] == ["all.jsonl"]
    assert b"half a line" not in target.read_bytes()


def test_two_exports_into_one_file_do_not_mix(tmp_path: Path) -> None:
    with (
        whole_file(tmp_path / "a.jsonl") as file,
        pytest.raises(ExportError, match="Another run"),
        whole_file(tmp_path / "a.jsonl"),
    ):
        file.write(b"never reached")
