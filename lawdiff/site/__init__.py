"""The pages of the site, as pure functions: from rows and a reader's wishes to contexts, addresses, pictures and feeds.

`reading`, `changing` and `entrance` ask `lawdiff.store.pages` and answer with a context for a template of
`datasette/templates/`; `catalogue` holds every word of the interface in Russian, Kazakh and English. HTTP is in
`datasette/plugins/` alone.
"""
