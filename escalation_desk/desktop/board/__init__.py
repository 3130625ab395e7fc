"""The lead's board: what is about to go wrong, and who has how much."""
