"""What happens to people and organisations during a year: they leave, move, are dissolved, merged, renamed, recoded, joined (M2)."""
