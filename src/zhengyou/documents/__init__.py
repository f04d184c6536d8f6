"""Documents: reads rooms, writes files (M33). Begun with the letters that carry one-time codes."""
