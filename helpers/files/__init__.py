"""What keeps odd files, slow networks and killed programs from doing harm."""
