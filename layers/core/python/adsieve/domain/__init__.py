"""The words of ads integrity: ads, material, policy, findings, verdicts. Standard library only."""
