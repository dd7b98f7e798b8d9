"""检查程序 The course of one inspection: approval, scan, certificates and notice, record, result; each a step with its paper.

rules.py what is remarkable of a course, and what a visit counts as: pure · facts.py what was told of it · reading.py a course as a
reader sees it · telling.py the words of the phone · beforehand.py approval, notice and scan of a task · afterwards.py what was missed
made good, the result told · healing.py what a correction heals · issuing.py papers by the worker · following.py what the worker does ·
serializers.py shapes in and out
"""
