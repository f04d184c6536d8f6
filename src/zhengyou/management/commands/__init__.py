"""Thin commands: parse, one action, print."""
