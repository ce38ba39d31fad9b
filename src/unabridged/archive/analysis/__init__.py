"""Analysis of stored texts: near-duplicates and credited sources, after they are saved."""
