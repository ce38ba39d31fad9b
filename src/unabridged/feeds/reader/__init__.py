"""Feed parsing in child processes."""
