"""What the commands about coverage tell, in English and in Chinese."""
