"""What is computed without a row: what in a report's text could tell who somebody is, and clocks, which are kept nowhere."""
