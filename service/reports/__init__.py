"""Reports: a record beside its article, for people to look at.

An article and its record come in, HTML goes out: `matching` looks whether they belong together, `article` marks the words that prove something, `entries` tells
what was found, `axis` and `graph` draw it, `tables` makes a table of a section, and `document` puts it on one page that needs nothing else.
Nothing here awaits, and nothing of the article or the record is markup: `templates` escapes whatever it is given.
"""
