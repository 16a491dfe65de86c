"""Risk material: from the operator's rows to a verified package, and the policy matrix that judges what is found."""
