"""Title, authors, dates, language, lead image and their candidates."""
