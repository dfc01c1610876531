"""The HTTP face of geo_match: jobs within a radius of a place, nearest first.

`api.app.create_app` makes the application from `api.settings.Settings`; `python -m api` serves it.
"""
