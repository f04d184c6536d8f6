"""From published counts to the figures of a result, and from results to comparisons: pure, without Django and without rows."""
