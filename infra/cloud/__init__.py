"""What deploys: the package and the template made of this checkout, and the commands that put them into an account."""
