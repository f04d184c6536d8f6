"""Keeping the house: its backup, its restore, and what is wrong with it (M35). Knows the machine's files and servers; no page."""
