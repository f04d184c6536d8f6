"""What the faces share: doors, clock, error pages."""
