"""Everything that leaves the window on paper or as a file: what is asked first, how pages are set, what is done."""
