"""What every room stands on: journal, refusals, time, files. A closed list."""
