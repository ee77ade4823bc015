"""What a customer can do: come in, start, say, mark, leave, end, look back."""
