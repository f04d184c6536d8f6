"""Accounts, and roles that follow from posts (M32)."""
