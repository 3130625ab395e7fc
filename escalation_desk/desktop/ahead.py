"""Loads before Qt what the first page asks for and what knows no Qt: of what comes later PySide reads every source."""

# ruff: noqa: F401 - they are loaded here for those who use them.

import concurrent.futures.thread
import queue
import zoneinfo

from escalation_desk.casework import views
from escalation_desk.journal import listing, reading, rows, seen
