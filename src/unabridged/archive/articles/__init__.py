"""Articles as stored: versions, queries, deletion, duplicates."""
