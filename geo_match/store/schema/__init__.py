"""The form of what is kept: tables, columns, images of records, and how they came to it."""
