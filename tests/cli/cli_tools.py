"""What the command line's tests share: canned answers and the type of `run`."""

import subprocess
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Run = Callable[..., subprocess.CompletedProcess[bytes]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Canned:
    """One answer. delay: seconds before it begins."""

    body: bytes = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    delay: float = 0.0


@dataclass(slots=True)
class Site:
    """Answers by path; paths asked, in order."""

    origin: str
    answers: dict[str, Canned]
    asked: list[str] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
