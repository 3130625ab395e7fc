"""Escalation Desk: one journal, eight rooms, imports go down only.

__main__    wiring only
cli         commands without a window
desktop/    the window; the only room that knows Qt
documents/  Word and Excel, from templates a lead can edit
sync/       what workstations and server say to each other, and how two edits become one
intake/     exports and spreadsheets -> candidate records -> one entry
journal/    keeps records and every change: entries, undo, history, search, migrations, backups
casework/   what a case, seller, promise is and what may be done with it; pure
i18n        words people read, in English, Vietnamese and Indonesian
resources   where templates, icons, translations and seed data lie
"""

__version__ = "0.1.0"
