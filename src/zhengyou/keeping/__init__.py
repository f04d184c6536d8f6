"""What becomes of promises: doubted and answered, decided on by the level above, taken over or dropped (M6–M8); what is due of them."""
