"""A PostgreSQL of one's own from a wheel: it runs in one folder, as nobody privileged, and ends with its owner. No Django."""
