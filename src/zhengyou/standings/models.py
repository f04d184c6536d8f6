"""Models of the room standings."""
