"""A second issuer's own house: its roll, keys, codes, issuing and signed count (M12). It knows no poll's row, no ballot, no slip."""
