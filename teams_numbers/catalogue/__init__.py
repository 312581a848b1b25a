"""The entries of the failure catalogue, by what they are about; `teams_numbers.failures` puts them together."""
