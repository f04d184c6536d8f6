"""Desk and box of each open poll, two databases on a server that lives only until the close (M12). Rows and bytes; no person, no mark."""
