"""Arithmetic over sorted ratings and dense matrices. Symbols, the same in every file here:

y marks · r rater, u unit, g group · n_r, n_u how many marks · t_r, t_u their sums · N rater-by-unit counts ·
lambda noise over variance of raters · w_r = 1 / (n_r + lambda) · q a rater's row of counts · P_k = sum of q q' where n_r = k ·
S the system left when raters are eliminated · L its Cholesky factor · B the border of fixed columns.
"""
