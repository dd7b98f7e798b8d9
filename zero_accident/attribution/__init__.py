"""认定变更: whom approved decisions charge or let off, whatever the policy would say."""
