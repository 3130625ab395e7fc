"""What leaves the window: cases as Word, PDF or on paper, lists as Excel. What is asked first, and how it is done."""

from escalation_desk.desktop.papers.cases_dialog import export_cases, print_cases
from escalation_desk.desktop.papers.list_dialog import export_list

__all__ = ["export_cases", "export_list", "print_cases"]
