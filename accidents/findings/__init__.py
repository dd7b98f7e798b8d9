"""违规报告认定: late, omitted, false, concealed or mistaken reports, found on evidence."""
