"""Deadlines: working time, policies, the clocks of a case, and what law or a platform demands by a date."""
