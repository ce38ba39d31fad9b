"""Archive documents: reading, writing and the document tree."""
