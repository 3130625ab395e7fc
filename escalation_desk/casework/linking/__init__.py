"""How cases hang together: links, duplicates, merges and splits, and the problem behind several cases."""
