"""Results and method cards (M16, M17). The only door to honestrank."""
