"""Says why a site was chosen or not, and what would mend what a plan is short of."""
