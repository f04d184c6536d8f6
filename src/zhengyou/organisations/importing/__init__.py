"""Lists from the office's own workbooks: reading them, judging their rows, writing the good ones, and lists to take. See `drafts`."""
