"""口径: the dated policy of “零事故”, looked up and shown line by line."""
