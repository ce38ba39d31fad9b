"""Start other programs so that nothing in the current folder is imported or executed.

Python puts the current folder on the search path of `python -c` and `python -m`, an empty entry of PATH or
PYTHONPATH means that folder, too, and the program is made to run in folders that others write to.
https://docs.python.org/3/using/cmdline.html#cmdoption-P
"""

import os
import sys

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
"""The folder that holds this package."""


def leave_current_folder() -> None:
    """Take the current folder off the search path of a `python -m unabridged` that is starting.

    It stays where the package itself lies there (`cd src; python -m unabridged`).
    """
    if sys.argv[:1] != ["-m"] or sys.flags.safe_path or not sys.path:
        return
    here = _current_folder()
    if sys.path[0] in ("", here) and here != HOME:
        del sys.path[0]


def python_command(code: str) -> list[str]:
    """Return the beginning of a command that runs code of ours in another Python; words may follow."""
    # At the end of the search path, for a package that was found by other means than PYTHONPATH.
    return [sys.executable, "-P", "-c", f"import sys; sys.path.append({HOME!r}); {code}"]


def surroundings() -> dict[str, str]:
    """Return the environment for a program that is started, without its ways to the current folder."""
    environment = dict(os.environ)
    for name, clean in (("PATH", _absolute), ("PYTHONPATH", _resolved)):
        if name in environment:
            environment[name] = os.pathsep.join(clean(environment[name].split(os.pathsep)))
    return environment


def find_program(name: str) -> str | None:
    """Return the path of a program, None where no folder of PATH has it; relative folders are passed over."""
    for folder in _absolute(os.environ.get("PATH", os.defpath).split(os.pathsep)):
        path = os.path.join(folder, name)
        if os.path.isfile(path) and os.access(path, os.X_OK):
            return path
    return None


def _absolute(folders: list[str]) -> list[str]:
    return [folder for folder in folders if os.path.isabs(folder)]


def _resolved(folders: list[str]) -> list[str]:
    """Return folders by their absolute names, without "" and ".": the current folder."""
    here = _current_folder()
    named = [os.path.abspath(folder) for folder in folders if folder and (here or os.path.isabs(folder))]
    kept = {folder for folder in folders if os.path.isabs(folder)}
    return [folder for folder in named if folder != here or folder in kept]


def _current_folder() -> str | None:
    try:
        return os.getcwd()
    except FileNotFoundError:  # removed meanwhile
        return None
