"""The ports made real: on AWS, on a disk, in memory."""
