"""事故调查: from the group to the assessment a year later, against its days."""
