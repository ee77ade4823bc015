"""The live lists an agent works from, and finding what is over."""
