"""Files of ratings, means and ballots into the types of `sums`. The only place that knows DuckDB."""
