"""Models of the room notices."""
