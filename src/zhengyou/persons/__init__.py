"""Polls that rate persons: by which address they are reached, and who reads what comes of them (rooms.md, *Persons*; refusal 12)."""
