"""`proof`: the bundle of one version, written to a file."""

import hashlib
import json
from pathlib import Path

from tests.cli.commands.newspaper import output, story
from tests.cli.tools import Run, Site
from unabridged.formats.proof.checked import check_bundle


def test_a_bundle_of_each_version_is_written(run: Run, paper: Site, tmp_path: Path) -> None:
    output(run("save", f"{paper.origin}/story/1"))
    paper.answers["/story/1"] = story(1, "<p>Correction: the ferry left after dawn, not before it.</p>")
    output(run("save", f"{paper.origin}/story/1"))
    old, new = tmp_path / "old.zip", tmp_path / "new.zip"
    output(run("proof", "1", "--version", "1", "-o", str(old)))
    said = json.loads(output(run("--json", "proof", f"{paper.origin}/story/1", "-o", str(new))))
    assert said["sha256"] == hashlib.sha256(new.read_bytes()).hexdigest()
    assert "Correction" not in check_bundle(old.read_bytes()).text
    assert "Correction" in check_bundle(new.read_bytes()).text
    assert run("proof", "1", "--version", "9", "-o", str(old)).returncode == 9
    assert run("proof", "7", "-o", str(old)).returncode == 9
