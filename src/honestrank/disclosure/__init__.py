"""What may be published without giving anybody away. Symbols, the same in every file here:

k least number behind a figure · n true counts · c cells shown (some joined) · D the distributions that fit what is shown ·
A n = b the sums that link figures · x which figures are withheld · lo, hi the bounds an onlooker can prove.
"""
