"""How many seekers are near a verified site, in bands of distance, from what is published alone."""
