"""Texts of other parts of the program that the reader shows: {name} stands for a value inside."""

from unabridged.serve.languages.messages import later

PATTERNS = (later("There is no such list, or no such order."),)
