"""Campaign, cycle, calendar, sector themes, frozen rules (M1, M4)."""
