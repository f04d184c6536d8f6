"""Three faces: public, desk, office. The only place that knows HTTP and the clock."""
