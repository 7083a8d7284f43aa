"""The capsets that ship, one module per upstream header. Data only."""
