"""The end of a case on its page: what is missing, root cause, exceptions, second look."""
