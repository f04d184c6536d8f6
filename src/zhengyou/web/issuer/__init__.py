"""The face of a second issuer's own process: what a booth asks of it, and one page that says what it is. No accounts, no cookies."""
