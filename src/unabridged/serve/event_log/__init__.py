"""Log of events for people: a page of the reader, and feeds of it."""
