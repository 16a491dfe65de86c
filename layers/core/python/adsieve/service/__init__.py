"""The use cases: decide an upload, decide it again. Pure but for the ports they are given."""
