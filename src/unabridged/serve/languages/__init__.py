"""Languages of the reader: the language of a request, and texts in it."""
