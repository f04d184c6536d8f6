"""Recounting a record from its files alone. It imports the format and nothing that wrote what it checks."""
