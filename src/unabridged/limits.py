"""How much of each field of a record is kept, whoever sent it.

Longer texts are cut, and what is over a count is left out, with a note on the record (`cleaning`). Bodies
have bounds of their own, where they are read. Sizes are characters unless a name says otherwise.
"""

TITLE = 1_000
"""Titles of articles, feeds, files and media; the longest of 120,000 real headlines has under 400."""

NAME = 300
"""Names of people, sites, sections, folders, sources and kinds."""

NAMES = 200
"""Authors, credits."""

TAG = 200
TAGS = 500

LANGUAGE = 35
"""The longest tag that BCP 47 asks software to hold."""

MEDIA_TYPE = 200

SUMMARY = 10_000
"""Summaries of articles and descriptions of feeds, as plain text."""

CAPTION = 5_000
"""Captions and credits of media, and the words of links."""

GUID = 2_000
"""Longer ones end in a hash of the whole, so that two of them stay two."""

ENCLOSURES = 1_000
LINKS = 10_000
MEDIA = 5_000
CLOCKS = 100
RAW_DATE = 200

EXTRA = 200
"""Unknown elements of a feed or an entry."""

EXTRA_TEXT = 10_000
EXTRA_NAME = 500

HUBS = 20
SKIPPED = 31
"""Hours and days at which a feed asks not to be polled."""

NOTES = 100
NOTE = 500
"""Notes, warnings and pieces of evidence on a record: how many, and how long each."""

PROVENANCE = 100

HEADER = 8_192
HEADERS = 200
"""Headers of an answer: the value of each, and how many."""

PIXELS = 1_000_000
"""Largest width or height of a picture that is believed."""
