"""Reading a pack's file: types, faults with their places, contradictions. What a pack is for is said in `packs`."""
