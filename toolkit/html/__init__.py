"""HTML of our own making: markup with all text escaped, the policy it is held to, and the templates that frame it."""
