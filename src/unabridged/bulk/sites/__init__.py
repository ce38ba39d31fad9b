"""Sites of a bulk run: profiles learnt from some of a file's pages, or brought along, and reading by them."""
