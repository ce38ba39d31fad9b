"""Selection of the blocks that belong to the article."""
