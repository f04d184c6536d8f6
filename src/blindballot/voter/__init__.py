"""The voter's device in Python: it blinds, takes tokens, marks, seals and signs."""
