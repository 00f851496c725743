"""One function per map, table or card: joins a snapshot, the analyses and the views.

Pages, the command line and scheduled jobs call these, so they show the same thing. Results are kept with the snapshot
they were made of; a new batch or boundary layer makes a new one.
"""
