"""Who may do what: a grant is a permission and a scope, a role bundles grants, one function decides."""
