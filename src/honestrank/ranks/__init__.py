"""What may be said about ranks: rank sets, draws, chances, the assembled standing."""
