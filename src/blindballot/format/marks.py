"""The two marks that are no grade and no option, as bytes of a slip and as they are named in counts."""

# Grades and options are numbered from 1, in one byte: these two can never be one.
UNMARKED = 0
DONT_KNOW = 255
UNMARKED_ID = "unmarked"
DONT_KNOW_ID = "dont_know"
