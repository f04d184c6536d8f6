"""Counting: the close, the record and its recount, and polls that are void and held again (M12)."""
