"""Secret appraisal: sheets, rolls, pools, issuing, the box (M12). The only door to blindballot."""
