"""Rhythm: what runs through the stages of a cycle (M27). Begun with the close of a poll, which is also its count."""
