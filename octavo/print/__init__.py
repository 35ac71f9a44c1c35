"""The printed book: signatures, set by WeasyPrint, sewn into one PDF by the bindery."""
