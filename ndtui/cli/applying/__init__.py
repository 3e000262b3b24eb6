"""What the commands that change a backend share: the plan, the question, the confirmation, the trial."""
