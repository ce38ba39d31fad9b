"""Stories in the reader: the list of them, the page of one, and the picture of who names whom."""
