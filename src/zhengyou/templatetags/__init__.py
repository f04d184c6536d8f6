"""Template words and small parts of pages."""
