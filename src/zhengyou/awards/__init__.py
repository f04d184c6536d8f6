"""Selection and commendation (M18, M20)."""
