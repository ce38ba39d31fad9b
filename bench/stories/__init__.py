"""Stories: how well articles on one event are put together, and what it costs."""
