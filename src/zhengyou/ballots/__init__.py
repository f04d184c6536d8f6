"""Secret ballots: keys, opening, codes, issuing, casting and the box (M12). The box knows no person, the roll no slip."""
