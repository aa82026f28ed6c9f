"""The demo: an invented person's year, and the throw-away space it lives in."""

from companion.demo.space import DEMO_PASSPHRASE, DemoSpace, DemoWritten, fill, remove_leftovers, write_demo
from companion.demo.year import year

__all__ = ["DEMO_PASSPHRASE", "DemoSpace", "DemoWritten", "fill", "remove_leftovers", "write_demo", "year"]
