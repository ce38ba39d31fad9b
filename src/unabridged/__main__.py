"""`python -m unabridged` is the command line."""

from unabridged.cli import main

main()
