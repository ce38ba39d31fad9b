"""Search: query language, database expressions, execution, snippets."""
