"""What the tests share: the server they run on and the databases they use."""
