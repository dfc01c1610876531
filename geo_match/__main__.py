"""`python -m geo_match` is the command `geo-match`."""

from geo_match.cli import main

if __name__ == "__main__":
    main()
