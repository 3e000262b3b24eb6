"""What a backend promises, by subject: a class of tests in each module, which ``backend_contract`` puts together."""
