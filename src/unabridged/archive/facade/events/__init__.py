"""Parts of the facade for what follows from events."""
