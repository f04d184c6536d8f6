"""Models of the room commitments."""
