"""Answers in words and in files. Nothing is computed here."""
