"""事故快报 Quick reports: drafted from every report, signed by the duty desk, numbered and frozen; later facts make a new issue.

Rooms     gathering.py what is known of the accident · composing.py it in words (国务院令第493号 第十二条) · actions.py draft, edit,
          sign · views.py doors
"""
