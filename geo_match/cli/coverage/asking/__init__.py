"""What is asked of the commands about coverage: their options, checked and put together."""
