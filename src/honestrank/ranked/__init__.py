"""Ballots that rank: pairwise methods, transferable votes, Plackett–Luce."""
