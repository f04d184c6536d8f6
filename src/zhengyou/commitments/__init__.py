"""Public commitments and their progress (M6, M8)."""
