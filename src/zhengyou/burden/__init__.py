"""What is asked of units and members, and the cap above which nobody may ask (M28). Measuring comes later."""
