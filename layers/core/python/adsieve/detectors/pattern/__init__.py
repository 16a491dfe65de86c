"""The pattern engine: regular expressions read, folded like texts and matched in linear time."""
