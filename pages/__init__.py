"""页面 What every page stands on: tokens and parts of the look, icons, the address of each asset, what a page may load.

Rooms     assets.py files with an address of their own content · shell.py a page's answer · assets/ the files themselves
Leans on  nothing but the ground
"""
