//! DIEM.
extern crate alloc;
