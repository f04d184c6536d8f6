"""What is written of a poll and the arithmetic over it: encodings, keys, manifest, slips, record, and what may be published of them.

Whoever issues, casts, closes or verifies reads and writes by it; it does none of these.
"""
