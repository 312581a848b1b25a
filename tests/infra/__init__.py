"""What can be proven about infra/, docs/ and .github/ without Azure."""
