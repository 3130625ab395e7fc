"""What stands behind several cases, in the window."""
