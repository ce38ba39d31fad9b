"""Plain text: words, scripts, labels, differences, slugs."""
