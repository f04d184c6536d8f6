"""Public notices on an opaque subject with a frozen snapshot, and the docket of objections to them (M19)."""
