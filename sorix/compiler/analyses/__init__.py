"""Facts about an IR function, each computed by one pure function of the frozen program."""
