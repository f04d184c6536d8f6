"""How the house is served: its home held, its database brought to the present shape, its servers and its worker kept, its web workers."""
