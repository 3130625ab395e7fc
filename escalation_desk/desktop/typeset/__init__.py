"""Sets documents on pages for print and PDF: bits of a line, strips across the page, pages."""
