//! diem-cli
