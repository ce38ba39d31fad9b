"""HTTP routes of audio and video: files passed on, positions in them."""
