"""Questions where people talk: asked in a deal's channel, answered in its thread; open questions answered right there."""
