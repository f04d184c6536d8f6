"""What is computed from a report's text alone: what in it could tell who somebody is."""
