"""Links saved in other programs: bookmarks, tables, JSON exports and lists of addresses."""
