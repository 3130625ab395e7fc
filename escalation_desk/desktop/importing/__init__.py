"""Importing in the window: what a file holds, which column is which field, what would change, then one entry."""
