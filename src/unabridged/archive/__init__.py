"""What was published and what people did with it, kept in one database."""
