"""Site rules as stored: one text in FiveFilters form for each site, for all feeds and all people."""

from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from unabridged.archive.records.encoding import storable
from unabridged.archive.records.polling import LONGEST_RULES
from unabridged.archive.storage.tables import site_rules
from unabridged.errors import InvalidValue


def load_rules(conn: Connection) -> dict[str, str]:
    """Map file names ("example.org.txt") to the rules of that site."""
    return {row.name: row.body for row in conn.execute(select(site_rules.c.name, site_rules.c.body))}


def save_rules(conn: Connection, name: str, body: str, now: datetime) -> None:
    """Replace the rules of a site; an empty text deletes them. Raises InvalidValue for a text too long."""
    text = storable(body).replace("\r\n", "\n").strip()
    if len(text) > LONGEST_RULES:
        raise InvalidValue(f"The rules of a site have at most {LONGEST_RULES:,} characters.")
    conn.execute(delete(site_rules).where(site_rules.c.name == name))
    if text:
        conn.execute(insert(site_rules), {"name": name, "body": f"{text}\n", "saved": now})
