"""Streets as arrays: their form, their file, and what is said of them."""
