"""The contracts' own Rust source as formulas: a parser of the subset they are written in, and a machine that runs it."""
