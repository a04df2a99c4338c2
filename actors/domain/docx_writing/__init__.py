"""Building blocks of a Word file, written part by part."""
