"""How a case ends well: its causes, the gates before resolved and closed, second looks, exceptions from policy."""
