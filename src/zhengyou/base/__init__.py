"""What every room stands on: deeds and their journal, refusals, texts, codes, locks, time, files. A closed list."""
