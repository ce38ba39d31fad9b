"""HTTP routes of one version of an article: evidence, share links, highlights."""
