"""The combo engine: words that mean trouble only together."""
