"""The pages of the site, as pure functions: from rows and wishes of a reader to contexts, addresses, pictures and feeds.

`views` and its neighbours ask `lawdiff.store.pages` and answer with a context for a template of `datasette/templates/`;
`catalogue` holds every word of the interface in Russian, Kazakh and English. HTTP is in `datasette/plugins/` alone.
"""
