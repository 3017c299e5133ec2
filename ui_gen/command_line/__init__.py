"""The command line: thin words around the agent. See DESIGN in docs for the contract."""
