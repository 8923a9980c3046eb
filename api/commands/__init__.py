"""What `baton` can do, a module a family of commands; `api.cli` puts them together."""
