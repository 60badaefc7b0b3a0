"""For people: a document with its meaning beside it. Documents, tables and findings go in; text and pages come out.

    annotate.py             every segment and element with its name, meaning, place in the JSON and findings
    people/ sheet.py        documents as people read them, pick tickets and packing slips: blocks that any view can draw
    terminal.py             blocks as lines of a terminal
    spec/                   a table as its guide: a page, Markdown, a site of all tables

Nothing here judges, changes or sends anything.
"""
