"""Steps that add and remove blocks after the best candidate is selected."""
