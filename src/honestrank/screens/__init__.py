"""Anomalies and reliability: what to look at before a score is believed."""
