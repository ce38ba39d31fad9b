"""Training of the models that choose an article's blocks, from the corpora. `python -m train`."""
