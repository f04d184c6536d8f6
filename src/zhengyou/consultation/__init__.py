"""Plans with the public: drafted in paragraphs, read by members, then by anybody, every remark answered, adopted (M5)."""
