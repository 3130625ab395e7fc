"""Escalating in the window: who must be told and why, the page that asks, what was sent and answered."""
