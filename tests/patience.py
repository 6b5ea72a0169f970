"""How long a test waits before it calls something hung, on however busy a machine; no promise of speed is tested so.

Figures of speed are in ``benchmarks/``, as ratios.
"""

HANG = 600.0  # seconds
