"""Polls: what is asked of whom. Sheet, pools, rolls, scrutineers and days (M12). No issuing key and no slip."""
