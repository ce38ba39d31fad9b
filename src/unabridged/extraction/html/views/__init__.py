"""Parts of the plain text and the Markdown of a body."""
