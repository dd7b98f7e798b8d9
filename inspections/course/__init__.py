"""检查程序 The course of one inspection: approval, scan, certificates and notice, record, result; each a step with its paper.

rules.py what is remarkable of a course · counting.py what counts towards a ceiling · facts.py what was told of it ·
serializers.py shapes in and out
"""
