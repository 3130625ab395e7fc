"""A desk that is shared: what waits for the server, what comes from it, and how the one lies over the other."""
