//! diem-math
