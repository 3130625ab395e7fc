"""What the window shows of a shared desk: how it stands, signing in, what waits, conflicts, who else is there."""
