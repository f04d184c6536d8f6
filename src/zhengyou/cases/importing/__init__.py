"""Reads the table that a hotline hands over; judged row by row before anything is taken."""
