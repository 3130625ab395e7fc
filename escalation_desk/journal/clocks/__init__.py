"""The clocks of cases in the journal: which policy a case gets, its rows in the table of clocks, its due time."""
