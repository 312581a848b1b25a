"""The App Service managed-identity endpoint, so that azure-identity runs the same code path as in Azure."""
