"""Today, the home of the window: what is due, what was promised, what is new."""
