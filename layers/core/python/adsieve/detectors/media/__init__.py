"""Pictures and clips: hostile files to evidence, and evidence to matches.

Nothing here imports a media library at module level: an ad of words alone never pays for them.
"""
