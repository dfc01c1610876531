"""`/v1/{kind}`: records read, written, removed and imported, one by one or as lists."""
