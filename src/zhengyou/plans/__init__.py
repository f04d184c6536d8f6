"""Units' own plans in a cycle; so far their practice themes (M4)."""
