"""What the commands about the ledger and the due list ask, do and tell."""
