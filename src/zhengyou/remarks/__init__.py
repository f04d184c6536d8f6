"""Anybody's words: they arrive by one door, wait for a look, are shown, folded, hidden with a reason, reported, answered."""
