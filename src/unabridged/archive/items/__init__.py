"""Items: the articles delivered to a person, in streams of numbers and lists for apps."""
