"""Commits of a document tree with git, safe even in an untrusted repository.

A repository's settings can name programs in dozens of places (filters, hooks, fsmonitor, signing), and each
version of git adds more. So commands that read files or write objects run with a temporary Git directory,
which shares only the index and the objects with the repository. In the repository itself we only read its
location and HEAD, and update HEAD, without hooks. https://git-scm.com/docs/git-config
"""

import os
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from unabridged.errors import ExportError
from unabridged.processes.programs import find_program, surroundings

_KEPT = tuple(f"GIT_{who}_{what}" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL", "DATE"))
"""Environment variables of git that are passed on."""

_SETTINGS = "^(user.(name|email)|core.(sharedrepository|autocrlf|eol))$"
"""Settings of the repository that apply: none of these names a program."""

_NOBODY = {"user.name": "Unabridged", "user.email": "unabridged@localhost"}

_STRICT = {
    "core.hooksPath": os.devnull,
    "core.fsmonitor": "false",
    "safe.bareRepository": "explicit",
    "maintenance.loose-objects.auto": "2000",
}

_SILENT_HOOK = {"enabled": "false", "command": ":"}

FOLDERS = ("articles", "lists")


def commit_tree(folder: Path, message: str) -> bool:
    """Commit changes below `articles` and `lists`; create the repository if missing.

    Returns True if there was anything to commit. Raises ExportError with git's message.
    """
    program = find_program("git")
    if program is None:
        raise ExportError("git is not installed. Install it, or omit --git.")
    outside = _Git(program=program, folder=folder, settings=_STRICT, own=_ceiling(folder))
    if not os.path.lexists(folder / ".git"):
        outside.run("init", "--quiet", "--template=")
    if not any((folder / name).is_dir() for name in FOLDERS):
        return False
    place, index, objects, kind = outside.lines(
        "rev-parse", "--path-format=absolute", "--git-dir", "--git-path", "index", "--git-path", "objects",
        "--show-object-format",
    )  # fmt: skip
    _refuse_links(Path(place))
    with tempfile.TemporaryDirectory(prefix="unabridged-git-") as own:
        outside.run("init", "--quiet", "--bare", "--template=", f"--object-format={kind}", own)
        inside = _Git(
            program=program,
            folder=folder,
            settings=_NOBODY | outside.settings_of(_SETTINGS) | _STRICT,
            own={"GIT_DIR": own, "GIT_WORK_TREE": str(folder.absolute()), "GIT_OBJECT_DIRECTORY": objects},
        )
        return _commit(outside, inside, Path(place), index, message)


def _commit(outside: "_Git", inside: "_Git", place: Path, index: str, message: str) -> bool:
    theirs = inside.with_index(index)
    _stage(theirs, place)
    parent = outside.run("rev-parse", "--verify", "--quiet", "HEAD", wrong=b"").decode().strip()
    tree = _tree(theirs, inside, parent)
    if parent and inside.lines("rev-parse", f"{parent}^{{tree}}") == [tree]:
        return False
    if not parent and not inside.run("ls-tree", tree):
        return False
    signed = inside.run("config", "--type=bool", "--get", "commit.gpgSign", wrong=b"").strip() == b"true"
    words = ["commit-tree", tree, *(("-p", parent) if parent else ()), *(("-S",) if signed else ())]
    [made] = inside.lines(*words, "-m", message)
    _without_hooks(outside).run(
        "update-ref", "-m", f"commit: {message}", "HEAD", made, parent or "0" * len(made)
    )
    inside.run("maintenance", "run", "--auto", "--quiet", "--task=loose-objects", wrong=b"")
    return True


def _without_hooks(git: "_Git") -> "_Git":
    """Disable hooks in settings (hook.NAME.command, git 2.54); hooksPath disables those in files."""
    names = {key.removeprefix("hook.").rpartition(".")[0] for key in git.settings_of(r"^hook\..*\.")}
    if any("=" in name for name in names):
        raise ExportError(f"The repository of {git.folder} has a hook with '=' in its name. Remove it.")
    silent = {f"hook.{name}.{key}": value for name in names for key, value in _SILENT_HOOK.items()}
    return _Git(program=git.program, folder=git.folder, settings={**git.settings, **silent}, own=git.own)


def _stage(theirs: "_Git", place: Path) -> None:
    """Update the repository's index from regular files, without links and nested repositories."""
    ignored = place / "info" / "exclude"
    own = [f"--exclude-from={ignored}"] if ignored.is_file() else []
    found = theirs.run("ls-files", "-z", "--cached", "--others", "--exclude-standard", *own, "--", *FOLDERS)
    names = [name for name in found.split(b"\0") if name and _is_regular(theirs.folder, name)]
    theirs.run("update-index", "-z", "--add", "--remove", "--stdin", given=b"\0".join([*names, b""]))


def _is_regular(folder: Path, name: bytes) -> bool:
    """Tell if a path of the tree is a regular file, or was deleted."""
    try:
        return stat.S_ISREG(os.lstat(os.path.join(os.fsencode(folder), name)).st_mode)  # noqa: PTH118 - bytes
    except (FileNotFoundError, NotADirectoryError):
        return True


def _tree(theirs: "_Git", inside: "_Git", parent: str) -> str:
    """Write the parent's tree with the staged state of our folders, and no other staged changes."""
    if parent:
        inside.run("read-tree", parent)
    old = inside.run("ls-files", "-z", "--", *FOLDERS)
    inside.run("update-index", "-z", "--force-remove", "--stdin", given=old)
    inside.run(
        "update-index", "-z", "--index-info", given=theirs.run("ls-files", "-z", "--stage", "--", *FOLDERS)
    )
    [tree] = inside.lines("write-tree", "--missing-ok")
    return tree


def _ceiling(folder: Path) -> dict[str, str]:
    """Return variables that make git ignore repositories of parent folders, and fetch nothing."""
    return {"GIT_CEILING_DIRECTORIES": str(folder.resolve().parent), "GIT_ALLOW_PROTOCOL": ""}


def _refuse_links(place: Path) -> None:
    """Raise ExportError for a link among the files that git writes: it would write to the target."""
    for path in _files_written(place):
        found = path.lstat()
        if not stat.S_ISDIR(found.st_mode) and not (stat.S_ISREG(found.st_mode) and found.st_nlink == 1):
            raise ExportError(
                f"{path} is a link or not a regular file, so that git would write elsewhere. Nothing was "
                "committed. Remove it, and find out who created it."
            )


def _files_written(place: Path) -> Iterator[Path]:
    for name in ("HEAD", "index", "packed-refs", "logs", "refs"):
        if os.path.lexists(place / name):
            yield place / name
    for name in ("logs", "refs"):
        for root, folders, files in os.walk(place / name):
            yield from (Path(root) / one for one in (*folders, *files))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Git:
    """The git program with settings and environment. own: variables added to the filtered environment."""

    program: str
    folder: Path
    settings: Mapping[str, str]
    own: Mapping[str, str] = field(default_factory=dict)

    def with_index(self, path: str) -> "_Git":
        own = {**self.own, "GIT_INDEX_FILE": path}
        return _Git(program=self.program, folder=self.folder, settings=self.settings, own=own)

    def lines(self, *words: str) -> list[str]:
        return os.fsdecode(self.run(*words)).splitlines()

    def settings_of(self, pattern: str) -> dict[str, str]:
        found = self.run("config", "--null", "--get-regexp", pattern, wrong=b"").split(b"\0")
        pairs = (os.fsdecode(one).partition("\n") for one in found if one)
        return {name: value for name, _, value in pairs}

    def run(self, *words: str, given: bytes = b"", wrong: bytes | None = None) -> bytes:
        """Run git and return its output. wrong: returned on failure, which raises ExportError otherwise."""
        done = subprocess.run(
            [self.program, *_options(self.settings), *words],
            cwd=self.folder,
            env=_filtered(surroundings()) | dict(self.own),
            input=given,
            capture_output=True,
            check=False,
        )
        if done.returncode == 0:
            return done.stdout
        if wrong is not None:
            return wrong
        said = os.fsdecode(done.stderr or done.stdout).strip()
        raise ExportError(f"git {words[0]} failed in {self.folder}: {said}")


def _options(settings: Mapping[str, str]) -> Sequence[str]:
    return [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]


def _filtered(environment: Mapping[str, str]) -> dict[str, str]:
    kept = {
        name: value for name, value in environment.items() if not name.startswith("GIT_") or name in _KEPT
    }
    return kept | {"GIT_OPTIONAL_LOCKS": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_TERMINAL_PROMPT": "0"}
