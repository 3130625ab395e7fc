"""The queue: views, filters, the list of cases, and what is done with many of them at once."""
