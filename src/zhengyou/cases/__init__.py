"""Cases (M13 M26): from a bad mark or a report to the reporter's own verdict; misconduct goes around whom it is about."""
