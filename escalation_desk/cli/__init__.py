"""Commands without a window, for schedules and scripts."""
