"""Every sentence the engine says to a person, in English and Chinese."""
