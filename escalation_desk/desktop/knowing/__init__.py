"""What the desk knows and says again and again: the lists of articles and of macros, and where each is written."""
