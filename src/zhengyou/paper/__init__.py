"""Paper ballots: who votes on paper, sheets printed once, the draw, forms keyed by two people (M12)."""
