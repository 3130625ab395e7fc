"""The case editor: head, form, timeline with composer, and what stands around the case."""
