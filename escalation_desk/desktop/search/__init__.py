"""The one box at the top: finds over everything while somebody types."""
