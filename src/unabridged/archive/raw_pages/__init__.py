"""Raw pages as fetched: rows of the table snapshots, and their compression."""
