"""Octavo: from a transcript to a book."""

__version__ = "0.1.0"
