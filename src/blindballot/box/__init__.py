"""What the platform does while a poll is open: issuing blind, receiving slips, paper slips, letters to a second issuer."""
