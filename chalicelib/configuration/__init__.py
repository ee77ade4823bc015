"""Configuration as a text that people keep: told out, compared and applied; by names, never by ids."""
