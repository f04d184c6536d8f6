"""The tree, its people, their posts and who is responsible (M2, M3)."""
