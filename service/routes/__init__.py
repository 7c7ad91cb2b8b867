"""The doors of the service, one file a resource."""
