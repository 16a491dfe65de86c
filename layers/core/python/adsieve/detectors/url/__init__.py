"""The link engine: links in texts, in every disguise that still leads a person to the site."""
