"""Escalation Desk: one journal, nine rooms, imports go down only.

__main__    wiring only
cli         commands without a window
desktop/    the window; the only room that knows Qt
server/     the shared server: HTTP over PostgreSQL; accounts, scopes, the feed
documents/  Word and Excel, from templates a lead can edit
sync/       what workstations and server say, how two edits become one, the workstation's engine
intake/     exports and spreadsheets -> candidate records -> one entry
journal/    keeps records and every change: entries, undo, history, search, migrations, backups, what is shared
casework/   what a case, seller, promise is and what may be done with it; pure
i18n        words people read, in English, Vietnamese and Indonesian
resources   where templates, icons, translations and seed data lie
"""

__version__ = "0.1.0"
