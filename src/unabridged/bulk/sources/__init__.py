"""Sources of pages: WARC files, HTML files in folders, zip and tar archives."""
