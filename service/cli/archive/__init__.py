"""`vigie extract` of a whole archive: a folder of articles, or a file with one a line.

articles.py   what the archive holds, one article after the other
line.py       one line of the file of records
keeping.py    that file: locked, read to go on from where an earlier run stopped, added to
reading.py    articles into lines, as many at once as the model reads
pace.py       how far it is
tabulating.py a section of the records as CSV
running.py    the command
"""
