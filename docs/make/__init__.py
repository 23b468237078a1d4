"""The generated pages and pictures of this folder: `python -m docs.make` writes them anew."""
