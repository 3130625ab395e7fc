"""Word and Excel: what leaves the desk on paper or as a file."""
