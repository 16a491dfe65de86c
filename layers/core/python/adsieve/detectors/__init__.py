"""What can be found in an ad, one detector a kind of material."""
