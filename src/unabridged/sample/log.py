"""The record of what a sample publisher was asked, for tests and for people who tune a poller."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

from unabridged.atomic_files import open_scratch


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request and what it got. host: the site's name. headers: the request's, names in lower case.

    status: 0 where the answer was broken off on purpose. sent: bytes of body.
    """

    at: datetime
    host: str
    method: str
    path: str
    headers: Mapping[str, str]
    status: int
    sent: int


@dataclass(slots=True, kw_only=True)
class RequestLog:
    """All requests since the publisher started, oldest first; each is also a line of `file`, if given."""

    file: Path | None = None
    requests: list[Request] = field(default_factory=list)

    def add(self, request: Request) -> None:
        """Keep one request."""
        self.requests.append(request)
        if self.file is not None:
            line = json.dumps({**asdict(request), "at": request.at.isoformat()}, ensure_ascii=False)
            with os.fdopen(open_scratch(self.file, append=True), "a", encoding="utf-8") as out:
                out.write(line + "\n")

    def of(self, path: str, host: str | None = None) -> tuple[Request, ...]:
        """The requests for one path (with its query), at one site or at all."""
        return tuple(r for r in self.requests if r.path == path and host in (None, r.host))
