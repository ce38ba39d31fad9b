"""Limits on the size and number of each field of a record.

`cleaning` cuts longer texts and drops further items, with a note on the record. Limits on bodies are where
bodies are read. Sizes are in characters unless stated otherwise.
"""

TITLE = 1_000
"""Titles of articles, feeds, files and media. The longest of 120,000 real headlines has under 400."""

NAME = 300
"""Names of people, sites, sections, folders, sources and kinds."""

NAMES = 200
"""Authors, credits."""

TAG = 200
TAGS = 500

LANGUAGE = 35
"""The longest tag that BCP 47 requires software to support."""

MEDIA_TYPE = 200

SUMMARY = 10_000
"""Summaries of articles and descriptions of feeds, as plain text."""

CAPTION = 5_000
"""Captions and credits of media, and link texts."""

GUID = 2_000
"""A longer one is cut and ends in a hash of the whole, so that different ones stay different."""

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
"""Notes, warnings and pieces of evidence on a record: their number, and the length of each."""

PROVENANCE = 100

HEADER = 8_192
HEADERS = 200
"""Response headers: length of a value, and their number."""

PIXELS = 1_000_000
"""Largest plausible width or height of a picture."""

FEED_BYTES = 15_000_000
"""Body of a feed, decoded, unless the settings say otherwise."""
