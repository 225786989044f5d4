//! stylus-devnode
