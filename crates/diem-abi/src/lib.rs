//! diem-abi
