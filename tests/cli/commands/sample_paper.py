"""A small newspaper with three stories, and what commands say of it."""

import json

from tests.cli.tools import Run

PAGE = "<html><head><title>{n}</title></head><body><article><h1>Story {n}</h1>{text}</article></body></html>"


TEXT = "".join(
    f"<p>Paragraph {n} tells what happened in the town on that day, and who saw it.</p>" for n in range(6)
)


def told(run: Run, *words: str, code: int = 0) -> str:
    done = run(*words)
    assert done.returncode == code, done.stderr.decode()
    return done.stdout.decode() + done.stderr.decode()


def listed(run: Run, *words: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = json.loads(run("--json", *words).stdout)
    return found
