"""A house kept as data: what an upgrade must be able to carry over. `make dump` makes one, the test of upgrades loads them all.

A kept dump is a zip: `about.json` (version, migrations with their hashes, what to expect), `house.dump` (PostgreSQL's own format), the
folders `records`, `files`, `secrets`, and `polls.json`: tables and rows of desk and box of a poll that was open. Plainly fictional.
"""
