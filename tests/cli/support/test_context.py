"""Settings of a command: a broken file is named."""

from pathlib import Path

from tests.cli.tools import Run


def test_settings_of_a_broken_file_are_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "u.toml").write_text("[fetch]\ntimeuot = 3\n")
    done = run("--config", str(tmp_path / "u.toml"), "list")
    assert done.returncode == 2
    assert b"timeuot" in done.stderr
