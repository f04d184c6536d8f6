"""Rolls: who may vote in a poll, seen and corrected until it opens, guests among them, who are forgotten after the close (M12)."""
