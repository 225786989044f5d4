//! The curve against its reference values.

use crate::support::parse;
use diem_math::{Curve, MathError, U256};
use serde_json::Value;

const VECTORS: &str = include_str!("../../../../vectors/mint-curve.json");

fn rows(kind: &str) -> Vec<Value> {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let rows = vectors[kind].as_array().unwrap().clone();
    assert!(rows.len() >= 100, "{kind} lost its rows");
    rows
}

fn field(row: &Value, name: &str) -> U256 {
    parse(row[name].as_str().unwrap())
}

fn curve(row: &Value) -> Curve {
    Curve::new(field(row, "base_rate"), field(row, "target")).unwrap()
}

/// One part in 1e15 and one wei.
fn band(value: U256) -> U256 {
    value / U256::from(1_000_000_000_000_000_u64) + U256::ONE
}

#[test]
fn costs_are_never_below_the_reference_and_within_its_band() {
    for row in rows("mint_exact") {
        let expected = field(&row, "svvv_ceil");
        let cost = curve(&row)
            .cost_up(field(&row, "supply"), field(&row, "diem"))
            .unwrap();
        assert!(
            cost >= expected && cost - expected <= band(expected),
            "{row}: {cost}"
        );
        assert_eq!(
            cost, expected,
            "the band is not used on these points: {row}"
        );
    }
}

#[test]
fn outputs_are_never_above_the_reference_and_within_its_band() {
    for row in rows("mint") {
        let answer = curve(&row).diem_out_down(field(&row, "supply"), field(&row, "svvv"));
        if row["diem_floor"].is_null() {
            assert!(
                matches!(answer, Err(MathError::CapExceeded { .. })),
                "{row}: {answer:?}"
            );
            continue;
        }
        let (diem, expected) = (answer.unwrap(), field(&row, "diem_floor"));
        assert!(
            diem <= expected && expected - diem <= band(expected),
            "{row}: {diem}"
        );
        assert_eq!(
            diem, expected,
            "the band is not used on these points: {row}"
        );
    }
}

#[test]
fn rates_equal_the_reference() {
    for row in rows("rate") {
        let rate = curve(&row).rate_at(field(&row, "supply")).unwrap();
        assert_eq!(rate, field(&row, "rate_floor"), "{row}");
    }
}
