"""Our speed against a bare reference, both measured in one run on one machine; only the ratios mean something elsewhere."""
