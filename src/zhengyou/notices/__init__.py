"""Public notices on frozen snapshots, and objections (M19)."""
