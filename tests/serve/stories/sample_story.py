"""One event in the words of five invented outlets, of which two copy and three name their sources."""

from datetime import timedelta

from tests.serve.running_app import NOW, Desk, make_article
from unabridged.archive.records.core import Query
from unabridged.model import Article

FIRST = (
    "The harbour of Aldmere was closed on Monday after the ferry Solveig struck the northern pier. "
    "Nobody was hurt, but 312 passengers waited until midnight for another boat.\n\nThe harbour master, "
    "Ingrid Brenna, said that divers would examine the pier of Aldmere in the morning. The Solveig was "
    "built in 1987."
)
AGENCY = (
    "The harbour of Aldmere was closed on Monday after the ferry Solveig struck the northern pier. "
    "Nobody was hurt, but 312 passengers waited until midnight for another boat, the Aldmere Post "
    "reported.\n\nNordlinje, the line that owns the Solveig, has promised to pay back every ticket. “We "
    "are sorry,” its director, Per Aune, told Reuters."
)
COPY = AGENCY + " The weather was calm."
LATER = (
    "Divers found a crack of 4 metres in the northern pier of Aldmere, which the ferry Solveig struck "
    "on Monday, Agence France-Presse reported, citing the Aldmere Post.\n\nIngrid Brenna, the harbour "
    "master, expects that the harbour of Aldmere stays closed for a week. The 312 passengers of the "
    "Solveig had waited until midnight for another boat. Nordlinje, the line that owns the Solveig, has "
    "promised to pay back every ticket. Nobody was hurt, its director, Per Aune, said."
)
FOLLOWING = (
    "Nordlinje, the line that owns the ferry Solveig, has sold her for scrap, Reuters reported. The "
    "Solveig struck the northern pier of Aldmere on a Monday, and the harbour was closed. Per Aune, its "
    "director, resigned. The 312 passengers have their money back, and Ingrid Brenna, the harbour "
    "master, has opened the harbour of Aldmere again."
)
REPORTS = (
    ("The Aldmere Post", "aldmere-post.example", "Ferry strikes pier, harbour of Aldmere closed", FIRST, 48),
    (
        "Coast Radio",
        "coast-radio.example",
        "312 passengers stranded in Aldmere after ferry hits pier",
        AGENCY,
        46,
    ),
    ("The Islander", "islander.example", "312 stranded in Aldmere after ferry Solveig hits pier", COPY, 45),
    (
        "Northern Times",
        "northern-times.example",
        "Crack in pier of Aldmere that ferry Solveig hit",
        LATER,
        26,
    ),
    (
        "Harbour Weekly",
        "harbour-weekly.example",
        "Ferry Solveig sold for scrap, harbour of Aldmere open",
        FOLLOWING,
        2,
    ),
)
"""Outlet, host, title, text, hours before NOW."""


def report(place: int) -> Article:
    """Return the article of one of the reports."""
    _, host, title, text, hours = REPORTS[place]
    return make_article(
        place,
        url=f"https://{host}/{place}",
        title=title,
        text=text,
        markdown=text,
        summary=text.split(". ")[0] + ".",
        html="".join(f"<p>{part}</p>" for part in text.split("\n\n")),
        published=NOW - timedelta(hours=hours),
        lead_image=None,
        enclosures=(),
        clocks=(),
        tags=(),
        authors=(),
    )


def tell(desk: Desk) -> list[int]:
    """Subscribe to all outlets, and analyse their articles; returns the numbers, the earliest first."""
    for place, (outlet, *_) in enumerate(REPORTS):
        desk.subscribe([report(place)], title=outlet)
    desk.archive.analysis.all()
    numbers = {line.url: line.id for line in desk.archive.library().articles.headlines(Query()).headlines}
    return [numbers[report(place).url] for place in range(len(REPORTS))]
