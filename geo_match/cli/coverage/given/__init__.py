"""What coverage is made of: records of lists or of a store, as the library takes them."""
