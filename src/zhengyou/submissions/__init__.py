"""What a unit hands in on paper, entered by a clerk of the level above; the unit looks at it and may object (M34)."""
