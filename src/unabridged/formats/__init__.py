"""Import and export formats: documents, Markdown, JSONL, EPUB, HTML, WARC, OPML."""
