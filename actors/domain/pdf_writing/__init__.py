"""Building blocks of a PDF: what the template is given, and the setting of it."""
