"""The web page: one document of HTML with styles and scripts of our own."""
