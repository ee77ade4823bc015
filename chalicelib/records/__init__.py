"""Finished sessions and their record: the timeline, transcripts, search, retention, export and erasure."""
