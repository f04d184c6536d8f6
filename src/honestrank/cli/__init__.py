"""The command line: words typed in, an answer out."""
