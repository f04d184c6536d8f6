"""Scores with their errors from sums. No estimator reads a file."""
