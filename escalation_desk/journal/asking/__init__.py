"""What somebody asks for in one line: words, and operators such as `state:open owner:linh created:>now-7d`."""

from escalation_desk.journal.asking.answering import Answer, answer
from escalation_desk.journal.asking.operators import Asked, narrowed, operators_of, read

__all__ = ["Answer", "Asked", "answer", "narrowed", "operators_of", "read"]
