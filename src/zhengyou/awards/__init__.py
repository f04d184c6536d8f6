"""Selection of candidates, commendation, honours with certificates anyone can verify (M18, M20)."""
