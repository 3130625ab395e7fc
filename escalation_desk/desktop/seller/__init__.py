"""Sellers, what was said with them, and what was promised to whom."""
