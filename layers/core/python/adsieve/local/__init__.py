"""The local AWS: the very template that is deployed, on this machine, with IAM enforced. Not shipped to Lambda."""
