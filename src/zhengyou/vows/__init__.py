"""What members promise for themselves (M6): written at the desk, given by word and recorded, or exempt; forgotten a year later."""
