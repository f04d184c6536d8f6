"""What consultation computes from texts alone: paragraphs, differences, remarks that are alike. No Django, no database."""
