"""What a browser gets, and how: pages of ours and the vendored OpenAPI UI. Nothing of it comes from elsewhere."""
