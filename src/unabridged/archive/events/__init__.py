"""Events as people read them: a log by cursor, and its retention."""
