"""Who is away and who stands in, in the window."""
