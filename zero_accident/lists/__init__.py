"""名单: who is broken and by which accident; who is unbroken and has unmet standards; who is zero."""
