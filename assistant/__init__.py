"""Questions answered and briefs written from one account's own words."""
