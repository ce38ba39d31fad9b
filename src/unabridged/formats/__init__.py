"""Articles to files: documents, Markdown, JSONL."""
