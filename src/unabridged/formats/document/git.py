"""Committing a document tree with git."""

import os
import shutil
import subprocess
from pathlib import Path

from unabridged.errors import ExportError

_NOBODY = ("-c", "user.name=Unabridged", "-c", "user.email=unabridged@localhost")


def commit_tree(folder: Path, message: str) -> bool:
    """Commit what changed below `articles` and `lists`; the repository is made if missing.

    Returns whether there was anything to commit. Raises ExportError with git's own words.
    """
    if shutil.which("git") is None:
        raise ExportError("git is not installed. Install it, or leave --git out.")
    if not (folder / ".git").exists():
        _git(folder, "init", "--quiet")
    present = [name for name in ("articles", "lists") if (folder / name).is_dir()]
    if not present:
        return False
    _git(folder, "add", "--all", "--", *present)
    if not _git(folder, "diff", "--cached", "--name-only", "--", *present):
        return False
    known = _git(folder, "config", "--default", "", "user.email")
    _git(folder, *(() if known else _NOBODY), "commit", "--quiet", "-m", message, "--", *present)
    return True


def _git(folder: Path, *arguments: str) -> str:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_DIR")}
    done = subprocess.run(
        ["git", *arguments],
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        words = (done.stderr or done.stdout).strip()
        raise ExportError(f"git {arguments[0]} failed in {folder}: {words}")
    return done.stdout.strip()
