"""List pages read as feeds: their repeated items, found by structure, by an example, or by what is known."""
