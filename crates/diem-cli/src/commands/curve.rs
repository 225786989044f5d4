//! The mint curve, drawn.

use super::Desk;
use crate::output::answer;
use crate::{Failure, Result, show};
use alloy::primitives::U256;
use alloy::primitives::utils::format_ether;
use diem_abi::IDiem;
use diem_math::Curve;
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::path::Path;

/// Steps from supply 0 to the cap.
const STEPS: u64 = 64;
/// Lines of the drawing on a terminal.
const LINES: usize = 16;
/// Size and margin of the SVG, in its units.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 420.0;
const MARGIN: f64 = 64.0;

/// Supply and rate, in wei.
type Point = (U256, U256);

/// What is drawn.
struct Drawing {
    points: Vec<Point>,
    now: Point,
    target: U256,
}

impl Desk {
    pub(super) async fn curve(&self, svg: Option<&Path>) -> Result<()> {
        let (chain, diem) = (&self.settings.chain, self.at.diem);
        let base = chain.call(diem, &IDiem::baseRateCall {}).await?;
        let target = chain.call(diem, &IDiem::targetSupplyCall {}).await?;
        let supply = chain.call(diem, &IDiem::totalSupplyCall {}).await?;
        let rate = chain.call(diem, &IDiem::mintRateCall {}).await?;
        let wrong = |error: diem_math::MathError| {
            Failure::refused("draw the curve", format!("{error:?}"))
                .with("base rate", show(base))
                .with("target supply", show(target))
        };
        let curve = Curve::new(base, target).map_err(wrong)?;
        let mut points = Vec::new();
        for step in 0..=STEPS {
            let at = curve.supply_cap() * U256::from(step) / U256::from(STEPS);
            points.push((at, curve.rate_at(at).map_err(wrong)?));
        }
        let drawing = Drawing {
            points,
            now: (supply, rate),
            target,
        };
        let mut value = drawing.json();
        let mut text = drawing.text();
        if let Some(path) = svg {
            std::fs::write(path, drawing.svg()).map_err(|error| {
                Failure::broken("cannot write the drawing", error.to_string())
                    .with("file", path.display())
                    .hint("name a file in a directory that can be written with --svg")
            })?;
            value["svg"] = json!(path.display().to_string());
            let _ = write!(text, "\ndrawn to {}", path.display());
        }
        answer(self.settings.json, &value, &text);
        Ok(())
    }
}

/// For drawing only: no number that counts goes through it.
fn rough(wei: U256) -> f64 {
    format_ether(wei).parse().unwrap_or_default()
}

impl Drawing {
    fn json(&self) -> Value {
        let points: Vec<Value> = self
            .points
            .iter()
            .map(|(supply, rate)| json!({ "supply": supply.to_string(), "mintRate": rate.to_string() }))
            .collect();
        json!({
            "supply": self.now.0.to_string(), "mintRate": self.now.1.to_string(),
            "targetSupply": self.target.to_string(), "points": points,
        })
    }

    /// Height of a rate between the lowest and the highest, on a scale of logarithms: up to
    /// the cap the curve grows by `e^16`.
    fn height(&self, rate: U256) -> f64 {
        let ends = (self.points.first(), self.points.last());
        let (Some((_, low)), Some((_, high))) = ends else {
            return 0.0;
        };
        let (low, high) = (rough(*low).ln(), rough(*high).ln());
        ((rough(rate).ln() - low) / (high - low)).clamp(0.0, 1.0)
    }

    /// Place of a supply between 0 and the cap.
    fn place(&self, supply: U256) -> f64 {
        let cap = self.points.last().map_or(U256::ONE, |(supply, _)| *supply);
        (rough(supply) / rough(cap)).clamp(0.0, 1.0)
    }

    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share of a few lines"
    )]
    fn line_of(&self, rate: U256) -> usize {
        (self.height(rate) * (LINES - 1) as f64).round() as usize
    }

    fn text(&self) -> String {
        let now = self.place(self.now.0) * STEPS as f64;
        let nearest = |step: usize| (step as f64 - now).abs() <= 0.5;
        let marked = (0..self.points.len()).find(|step| nearest(*step));
        let ends = (self.points.first(), self.points.last());
        let mut lines = vec![format!(
            "mint rate {} sVVV per DIEM at a supply of {} DIEM (O)",
            show(self.now.1),
            show(self.now.0)
        )];
        for line in (0..LINES).rev() {
            let drawn: String = self
                .points
                .iter()
                .enumerate()
                .map(|(step, (_, rate))| match self.line_of(*rate) == line {
                    true if marked == Some(step) => 'O',
                    true => '*',
                    false => ' ',
                })
                .collect();
            let label = match (line, ends) {
                (0, (Some((_, rate)), _)) => format!("{:.0}", rough(*rate)),
                (line, (_, Some((_, rate)))) if line == LINES - 1 => {
                    format!("{:.0}", rough(*rate))
                }
                _ => String::new(),
            };
            lines.push(format!("{label:>12} |{}", drawn.trim_end()));
        }
        lines.push(format!("{:>12} +{}", "", "-".repeat(self.points.len())));
        let cap = ends.1.map_or(U256::ZERO, |(supply, _)| *supply);
        let width = self.points.len().saturating_sub(1);
        lines.push(format!(
            "{:>12}  0{:>width$}",
            "",
            format!("{} DIEM", show(cap))
        ));
        lines.push("logarithmic: sVVV per DIEM over the supply, up to its cap".to_owned());
        lines.join("\n")
    }

    fn svg(&self) -> String {
        let x = |supply: U256| MARGIN + self.place(supply) * (WIDTH - 2.0 * MARGIN);
        let y = |rate: U256| HEIGHT - MARGIN - self.height(rate) * (HEIGHT - 2.0 * MARGIN);
        let path: Vec<String> = self
            .points
            .iter()
            .map(|(supply, rate)| format!("{:.1},{:.1}", x(*supply), y(*rate)))
            .collect();
        let (supply, rate) = self.now;
        let (right, bottom) = (WIDTH - MARGIN, HEIGHT - MARGIN);
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" \
             font-family=\"sans-serif\" font-size=\"13\" role=\"img\">\n\
             <title>DIEM mint curve</title>\n\
             <path d=\"M{MARGIN} {MARGIN}V{bottom}H{right}\" fill=\"none\" stroke=\"#888\"/>\n\
             <polyline points=\"{}\" fill=\"none\" stroke=\"#1b5fd9\" stroke-width=\"2\"/>\n",
            path.join(" ")
        );
        let _ = writeln!(
            svg,
            "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"5\" fill=\"#d9411b\"/>",
            x(supply),
            y(rate)
        );
        let mut write = |x: f64, y: f64, anchor: &str, text: String| {
            let _ = writeln!(
                svg,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\">{text}</text>"
            );
        };
        for (at, told) in self.points.iter().step_by(self.points.len().div_ceil(4)) {
            write(
                x(*at),
                bottom + 20.0,
                "middle",
                format!("{:.0}", rough(*at)),
            );
            write(
                MARGIN - 8.0,
                y(*told),
                "end",
                format!("{:.0}", rough(*told)),
            );
        }
        let here = format!("{} sVVV per DIEM at {} DIEM", show(rate), show(supply));
        write(x(supply) + 10.0, y(rate) - 10.0, "start", here);
        write(
            WIDTH / 2.0,
            HEIGHT - 12.0,
            "middle",
            "supply of DIEM".to_owned(),
        );
        write(
            MARGIN,
            MARGIN - 16.0,
            "start",
            "sVVV per DIEM, logarithmic".to_owned(),
        );
        svg.push_str("</svg>\n");
        svg
    }
}
