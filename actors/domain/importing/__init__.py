"""Files of law and of contracts, read into passages that can be searched and cited."""
