"""The admin's and the developer's commands: each a module that runs with `python -m infra.scripts.<name>`."""
