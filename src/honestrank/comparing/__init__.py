"""The four comparisons: over time, among peers, inside, from outside."""
