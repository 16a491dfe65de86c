"""The text engine: folding with offsets, views that undo evasion, and the term index."""
