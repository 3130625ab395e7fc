"""Keeps records and every change of them: entries, undo, history, search, migrations, backups."""
