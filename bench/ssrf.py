"""Count recorded attacks on the address guard that end as they should.

    python -m bench.ssrf [FILE]

Each case goes the fetcher's own way: the URL check, the guarded resolver, the guarded socket, and the
same again at every redirect. Only the name servers and the wire are played, from the case's words.
"""

import asyncio
import json
import re
import socket
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aiohttp.abc import AbstractResolver, ResolveResult

from bench.corpora import corpus_folder
from bench.figures import Figure
from unabridged.config import FetchSettings
from unabridged.errors import UnabridgedError
from unabridged.fetch.connection_guard import AddressRefused, ConnectionGuard
from unabridged.fetch.guarded_sockets import GuardedResolver
from unabridged.fetch.ip_ranges import read_address
from unabridged.fetch.redirects import Exchange, follow
from unabridged.fetch.ssrf_guard import NOTHING_ALLOWED, Target

OWN = "93.184.215.200"
"""The public address that this machine has in the cases that speak of OWN_PUBLIC_IP."""
ELSEWHERE = "93.184.215.14"
SECRETS = ("Authorization", "Cookie")


Names = dict[str, list[str]]
"""host -> addresses, of all cases: what one case's redirect leads to is often another one's host."""


class PlayedNames(AbstractResolver):
    """Name servers that know the hosts of one case, and answer as it says."""

    def __init__(self, case: dict[str, Any], others: Names) -> None:
        self.others = others
        given = case.get("resolves_to")
        self.answers: list[list[str]] = given if given and isinstance(given[0], list) else [given or []]
        self.redirects = bool(case.get("redirects_to"))
        self.lookups = 0
        self.first_host: str | None = None

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        self.first_host = self.first_host or host
        known = self.answers[min(self.lookups, len(self.answers) - 1)]
        self.lookups += 1
        if self.redirects and host != self.first_host:
            known = self.others.get(host) or known or [ELSEWHERE]
        known = _wildcard(host) or known
        if not known:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [
            ResolveResult(
                hostname=host,
                host=OWN if one == "OWN_PUBLIC_IP" else one,
                port=port,
                family=socket.AF_INET6 if ":" in one else socket.AF_INET,
                proto=0,
                flags=0,
            )
            for one in known
        ]

    async def close(self) -> None:
        pass


def _wildcard(host: str) -> list[str]:
    """Return what the public wildcard names (10.0.0.1.nip.io, localtest.me) resolve to."""
    embedded = re.search(r"(?:^|[.-])(\d{1,3})[.-](\d{1,3})[.-](\d{1,3})[.-](\d{1,3})\.[ns]s?l?ip\.io$", host)
    if embedded:
        return [".".join(embedded.groups())]
    return ["127.0.0.1"] if host.endswith(("localtest.me", "lvh.me", "vcap.me")) else []


class PlayedWire:
    """Connections that come about only in words: what was dialled, and what was sent there."""

    def __init__(self, case: dict[str, Any], others: Names) -> None:
        own = read_address(OWN)
        assert own is not None
        self.names = PlayedNames(case, others)
        self.guard = ConnectionGuard(NOTHING_ALLOWED, frozenset((own,)))
        self.resolver = GuardedResolver(self.names, self.guard)
        self.hops = list(case.get("redirects_to") or ())
        self.dialled: list[str] = []
        self.secrets_sent: list[bool] = []

    async def ask(self, target: Target, trusted: bool) -> Exchange:
        if target.address is None:
            found = await self.resolver.resolve(target.host, target.port)
            address = found[0]["host"]
        else:
            address = target.host
        self.guard.check_connect(address, target.port)
        self.dialled.append(address)
        self.secrets_sent.append(trusted)
        onwards = self.hops.pop(0) if self.hops else None
        headers = {"location": onwards} if onwards else {}
        return Exchange(target=target, status=302 if onwards else 200, headers=headers)


def verdict(case: dict[str, Any], others: Names) -> str:
    """Return "allow" or "block" for a case, or what went otherwise than it expects."""
    wire = PlayedWire(case, others)
    limit = FetchSettings().max_redirects
    try:
        asyncio.run(follow(case["url"], wire.ask, allow=NOTHING_ALLOWED, max_redirects=limit))
        for derived in _derived(case):
            asyncio.run(
                follow(derived, PlayedWire(case, others).ask, allow=NOTHING_ALLOWED, max_redirects=limit)
            )
    except (UnabridgedError, AddressRefused, socket.gaierror):
        return "block"
    return _broken_expectation(case.get("expect") or {}, wire) or "allow"


def _derived(case: dict[str, Any]) -> list[str]:
    found = case.get("derived") or []
    return [found] if isinstance(found, str) else list(found)


def _broken_expectation(expected: dict[str, Any], wire: PlayedWire) -> str | None:
    if "dns_lookups" in expected and wire.names.lookups != expected["dns_lookups"]:
        return f"{wire.names.lookups} lookups"
    if "connect_to" in expected and wire.dialled != expected["connect_to"]:
        return f"connected to {wire.dialled}"
    if "drop_headers" in expected and any(wire.secrets_sent[1:]):
        return "credentials went along"
    return None


def _known_names(cases: list[dict[str, Any]]) -> Names:
    known: Names = {}
    for case in cases:
        answer = case.get("resolves_to") or []
        try:
            host = urlsplit(case["url"]).hostname
        except ValueError:
            continue
        if host and answer and isinstance(answer[0], str):
            known.setdefault(host.rstrip("."), answer)
    return known


def score(corpus: Path) -> dict[str, Any]:
    """Judge every case of a corpus folder (or of a .jsonl file): cases, right, and the wrong ones."""
    path = corpus if corpus.is_file() else corpus / "attacks" / "ssrf-cases.jsonl"
    cases = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    others = _known_names(cases)
    wrong = []
    for case in cases:
        found = verdict(case, others)
        if found != case["verdict"]:
            wrong.append({"url": case["url"][:200], "why": case.get("why", ""), "found": found})
    return {"cases": len(cases), "right": len(cases) - len(wrong), "wrong": wrong}


def figures(corpus: Path) -> list[Figure]:
    """Return the one row of this check."""
    found = score(corpus)
    detail = "; ".join(f"{row['url']}: {row['found']} ({row['why']})" for row in found["wrong"])
    value = found["right"] / max(1, found["cases"])
    return [Figure(part="ssrf", measure="right", cases=found["cases"], value=value, detail=detail)]


def main() -> int:
    """Print the score; 0 when every case is right."""
    found = score(Path(sys.argv[1]) if len(sys.argv) > 1 else corpus_folder())
    for row in found["wrong"]:
        print(f"{row['found']}: {row['url']} ({row['why']})")
    print(f"{found['right']} of {found['cases']} right")
    return 0 if not found["wrong"] else 1


if __name__ == "__main__":
    sys.exit(main())
