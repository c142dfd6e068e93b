"""Starting a records repository, and saying what is wrong with one."""
