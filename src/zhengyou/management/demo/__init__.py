"""The demo district: plainly fictional, built by calling the real actions with a fixed seed, step by step."""
