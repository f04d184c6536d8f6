"""Blind-signed ballots anyone can recount: issuing, slips, the sealed box's record and its verifier.

Pure: no web framework, no database, no clock. The format is written to the byte in docs/ballots.md.
"""
