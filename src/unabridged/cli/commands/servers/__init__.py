"""Commands that serve or work in the background."""
