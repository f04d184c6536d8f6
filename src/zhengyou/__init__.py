"""Zhengyou: an excellence campaign over a tree of organisations."""
