"""Models of the room awards."""
