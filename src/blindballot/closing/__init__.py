"""The close: opening the sealed slips, counting them, writing the record."""
