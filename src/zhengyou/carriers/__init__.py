"""Carriers that last from cycle to cycle, their content of each cycle, and units that are shown as examples (M4)."""
