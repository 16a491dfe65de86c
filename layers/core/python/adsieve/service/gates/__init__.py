"""The tests of a material before it may decide anything: each prints a number, its limit and a verdict."""
