"""Demo data: a whole invented province-history that adds up to the published totals of the first term.

Everything in it is made up except those totals. It carries no personal data, says of itself that it is a demo
(`Provenance.demo`), is identical to the byte for a seed, and contains planted structure whose truth is written down, so
that the analyses can be checked against it.
"""

from geo.demo.batches import SEED, Demo, generate
from geo.demo.install import install

__all__ = ["SEED", "Demo", "generate", "install"]
