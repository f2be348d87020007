"""What an instructor needs beside the notebooks: slides and cards, the kit for a class, the address stamp."""
