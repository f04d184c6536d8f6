"""Who leads a campaign: its leading group, its office and their teams, and which leader looks after which unit (M3)."""
