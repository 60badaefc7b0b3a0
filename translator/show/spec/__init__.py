"""The guides as pages: tables, schemas and the catalogue go in, HTML and Markdown come out.

``making`` gathers what a guide's page says (``model``), with an example made from the table (``example``); ``pages`` lays it
out as HTML, one page or a whole site, ``markdown`` as Markdown. Nothing here is judged, and nothing is written to a disk.
"""
