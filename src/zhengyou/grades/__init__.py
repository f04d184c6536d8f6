"""The yearly grade of members by their own branch (M20): what each says of themselves, the decision, the objection to it."""
