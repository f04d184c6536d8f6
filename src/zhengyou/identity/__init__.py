"""Accounts, roles that follow from posts, one-time codes (M32)."""
