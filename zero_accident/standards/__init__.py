"""创建标准: the nine creation standards, assessed for every village and unit."""
