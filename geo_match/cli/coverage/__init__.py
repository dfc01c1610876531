"""What the commands about coverage ask, are made of, do and tell."""
