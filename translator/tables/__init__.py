"""Mapping tables and what runs them. A table is data; nothing here names a partner or a transaction set."""
