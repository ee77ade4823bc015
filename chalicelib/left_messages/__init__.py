"""Messages that customers leave while nobody can serve them: leaving, handing out, answering by e-mail, call or at the next visit."""
