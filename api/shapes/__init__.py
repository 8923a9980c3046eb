"""The JSON other programs rely on, as pydantic models: what OpenAPI documents and what every response is held to.

Requests refuse fields they do not know; responses may carry more than is named here, never less.
"""
