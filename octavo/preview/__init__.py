"""The preview: the book in a browser while it is being made, on this machine alone."""
