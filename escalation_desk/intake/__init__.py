"""Turns exports and spreadsheets into candidate records, and those into one entry."""
