//! Counterexamples that random histories found, shrunk and kept for good: one file per bug, its first line says
//! what broke.
