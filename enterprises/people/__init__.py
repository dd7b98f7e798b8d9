"""人员目录: whom one works with here and what each may be asked to do; and the accounts of a unit, for the township that answers for it."""
