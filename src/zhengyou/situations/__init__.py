"""Units tell everybody how things stand (情况通报): numbered reports, due by the pack, taking words (M8)."""
