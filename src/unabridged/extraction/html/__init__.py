"""The DOM, character sets, links, media, serializer and sanitizer."""
