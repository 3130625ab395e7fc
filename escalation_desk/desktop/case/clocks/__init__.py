"""The clocks and external deadlines of a case on its page."""
