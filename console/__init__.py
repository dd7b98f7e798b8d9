"""办公页 The office's pages: looked at in a browser, made on the server from the same rows and by the same actions as the API's answers.

Words     place 导航里的一处 · gate 页门 · shown 给人看的
Rooms     gate.py who may open a page · places.py where one can go · shown.py a page's answer · assets/ look and scripts of all of them
Leans on  every room below that a page shows something of
"""
