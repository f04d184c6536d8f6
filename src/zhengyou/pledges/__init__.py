"""Who committed in public, in their own name: only they are judged as persons (M6, refusal 12)."""
