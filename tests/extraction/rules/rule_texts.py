"""Site rules from their text, and pages read by them."""

from unabridged.extraction.rules.model import SiteRules
from unabridged.extraction.rules.parse import parse_site_config


def rules(text: str) -> SiteRules:
    found = parse_site_config(text, file="paper.example.txt")
    assert found.ignored == ()
    return found.rules
