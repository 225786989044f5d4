//! stylus-vm
