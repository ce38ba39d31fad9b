"""Time zones: the viewer's, this computer's, their rules in summer and winter."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from unabridged.serve.views.time_zone import SystemZone, system_zone, zone_name, zone_named

WINTER = datetime(2026, 11, 28, 22, 30, tzinfo=UTC)


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires", "Etc/GMT+5"])
def test_a_zone_is_found_by_its_name(name: str) -> None:
    assert zone_named(name) == ZoneInfo(name)


@pytest.mark.parametrize(
    "name", ["", "Nowhere/City", "../../etc/passwd", "/etc/passwd", "Europe", "x" * 99, "\x00", "é"]
)
def test_what_is_no_zone_is_none(name: str) -> None:
    assert zone_named(name) is None


def test_the_computers_zone_keeps_the_rules_of_each_time() -> None:
    script = (
        "from datetime import datetime, UTC; from pathlib import Path\n"
        "from unabridged.serve.views.time_zone import *\n"
        f"zone = system_zone(datetime.fromisoformat({WINTER.isoformat()!r}), Path('missing'))\n"
        "for text in ('2026-07-15T22:30', '2026-11-28T22:30', '2026-10-25T00:30', '2026-10-25T01:30'):\n"
        "    at = datetime.fromisoformat(text + '+00:00').astimezone(zone)\n"
        "    print(f'{at:%d %H:%M %Z}', at.utcoffset())\n"
    )
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "TZ": "Europe/Berlin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.splitlines() == [
        "16 00:30 CEST 2:00:00",
        "28 23:30 CET 1:00:00",
        "25 02:30 CEST 2:00:00",
        "25 02:30 CET 1:00:00",
    ]


def test_the_computers_zone_has_the_name_of_the_file_unless_its_times_differ(tmp_path: Path) -> None:
    link = tmp_path / "localtime"
    link.symlink_to("/usr/share/zoneinfo/Asia/Kathmandu")
    named = system_zone(WINTER, link)
    same = WINTER.astimezone().utcoffset() == WINTER.astimezone(ZoneInfo("Asia/Kathmandu")).utcoffset()
    assert isinstance(named, ZoneInfo if same else SystemZone)
    assert isinstance(system_zone(WINTER, tmp_path / "missing"), SystemZone)


def test_a_zone_is_named_for_people() -> None:
    assert zone_name(ZoneInfo("Europe/Berlin"), WINTER) == "Europe/Berlin"
    assert zone_name(ZoneInfo("Etc/UTC"), WINTER) == "UTC"
    assert zone_name(UTC, WINTER) == "UTC"
