"""Text in answers: marks around that of publishers, parts, cursors, times that clients write."""
