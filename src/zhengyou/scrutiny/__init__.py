"""What scrutineers do: keys and their test before a poll opens; then the handover, shares passed on, and their signed word (M12 M15)."""
