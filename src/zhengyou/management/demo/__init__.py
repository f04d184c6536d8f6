"""The demos: plainly fictional houses, one a pack, built by calling the real actions with a fixed seed, step by step."""
