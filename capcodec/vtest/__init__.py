"""The vtest protocol: its messages, a client that asks a server, and a server that answers a guest."""
