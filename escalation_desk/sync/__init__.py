"""What workstations and server say to each other, how two edits become one, and the workstation's side of it."""
