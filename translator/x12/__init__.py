"""The X12 syntax: bytes, delimiters, segments, envelope. It knows no partner and no transaction set."""
