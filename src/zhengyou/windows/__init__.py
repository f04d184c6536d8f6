"""Service windows (M13): points with a code to scan, marks by five balanced steps, one-time codes, and what looks odd about them."""
