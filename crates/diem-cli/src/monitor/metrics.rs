//! Findings as Prometheus reads them.

use super::Look;
use std::fmt::Write;

/// The text form of the exposition format, version 0.0.4. `look` is the last one that came to its
/// end, `up` whether the last one did, `at` when it began, in seconds since 1970.
#[must_use]
pub fn exposition(look: Option<&Look>, up: bool, at: u64) -> String {
    let mut text = String::new();
    let mut family = |name: &str, help: &str, samples: &[(String, f64)]| {
        let _ = writeln!(text, "# HELP {name} {help}\n# TYPE {name} gauge");
        for (labels, value) in samples {
            let _ = writeln!(text, "{name}{labels} {value}");
        }
    };
    let plain = |value: f64| [(String::new(), value)];
    family(
        "diem_monitor_up",
        "Whether the last look came to its end.",
        &plain(f64::from(u8::from(up))),
    );
    family(
        "diem_monitor_look_timestamp_seconds",
        "When the last look began.",
        &plain(at as f64),
    );
    let Some(look) = look else {
        return text;
    };
    family(
        "diem_monitor_block",
        "Block of the findings.",
        &plain(look.block as f64),
    );
    let levels: Vec<_> = look
        .findings
        .iter()
        .map(|finding| {
            let labels = [("check", finding.check), ("subject", &finding.subject)];
            (labelled(&labels), f64::from(finding.level as u8))
        })
        .collect();
    family("diem_check_level", "0 ok, 1 warning, 2 alert.", &levels);
    let figures: Vec<_> = look
        .findings
        .iter()
        .filter_map(|finding| {
            let figure = finding.figure?;
            let labels = [
                ("check", finding.check),
                ("subject", &finding.subject),
                ("unit", figure.unit),
            ];
            Some((labelled(&labels), figure.value))
        })
        .collect();
    family("diem_check_figure", "What each check judged.", &figures);
    text
}

/// Labels in braces. Values are names and addresses of ours, and escaped all the same.
fn labelled(labels: &[(&str, &str)]) -> String {
    let escaped = |value: &str| {
        value
            .replace('\\', "\\\\")
            .replace('"', "\\\"")
            .replace('\n', "\\n")
    };
    let labels: Vec<_> = labels
        .iter()
        .map(|(name, value)| format!("{name}=\"{}\"", escaped(value)))
        .collect();
    format!("{{{}}}", labels.join(","))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::monitor::{Finding, Level};

    #[test]
    fn a_look_is_told_in_the_text_format() {
        let finding = Finding::new("reserve", "a\"b\\c\nd", "")
            .figure(1.5, "seconds")
            .raise(true, Level::Alert, "");
        let look = Look {
            block: 7,
            level: Level::Alert,
            findings: vec![finding],
        };
        let text = exposition(Some(&look), false, 9);
        for line in [
            "diem_monitor_up 0",
            "diem_monitor_look_timestamp_seconds 9",
            "diem_monitor_block 7",
            "diem_check_level{check=\"reserve\",subject=\"a\\\"b\\\\c\\nd\"} 2",
            "diem_check_figure{check=\"reserve\",subject=\"a\\\"b\\\\c\\nd\",unit=\"seconds\"} 1.5",
        ] {
            assert!(text.lines().any(|told| told == line), "no {line} in {text}");
        }
        assert!(!exposition(None, false, 9).contains("diem_check_level"));
    }
}
