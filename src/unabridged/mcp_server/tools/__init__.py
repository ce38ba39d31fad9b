"""Tools: their arguments, their answers, and what they do."""
