//! Holds the journal against itself and against the chain's events.

use std::collections::BTreeMap;

use alloy::{
    primitives::{Address, U256},
    rpc::types::{Filter, Log},
    sol_types::SolEvent,
};
use diem_abi::IDiem;

use crate::{
    chain::{ChainError, Node},
    ledger::{Audit, Disagreement, LineAudit},
    line::{Epoch, Line},
    money::Usd,
};

/// Blocks asked for at once; fewer where the node refuses so many.
const SPAN: u64 = 100_000;

/// What the chain's events say was settled for a line in an epoch, by this gateway: the largest total.
pub type Settled = BTreeMap<(Line, Epoch), Usd>;

/// Reads what `gateway` settled, from a block on.
///
/// # Errors
/// The node does not answer, not even for one block at a time.
pub async fn settled(
    node: &Node,
    diem: Address,
    gateway: Address,
    from: u64,
) -> Result<Settled, ChainError> {
    let (last, _) = node.head().await?;
    let (mut next, mut span, mut settled) = (from, SPAN, Settled::new());
    while next <= last {
        let end = next.saturating_add(span - 1).min(last);
        let filter = Filter::new()
            .address(diem)
            .event_signature(vec![
                IDiem::CreditsSettled::SIGNATURE_HASH,
                IDiem::LeaseSettled::SIGNATURE_HASH,
            ])
            .topic2(gateway)
            .from_block(next)
            .to_block(end);
        match node.logs(&filter).await {
            Ok(logs) => {
                for (place, used) in logs.iter().filter_map(told) {
                    let largest = settled.entry(place).or_insert(used);
                    *largest = used.max(*largest);
                }
                next = end + 1;
            }
            Err(ChainError::Refused { .. }) if span > 1 => span /= 2,
            Err(error) => return Err(error),
        }
    }
    Ok(settled)
}

fn told(log: &Log) -> Option<((Line, Epoch), Usd)> {
    let (line, epoch, used): (Line, U256, U256) = match log.topic0() {
        Some(&IDiem::CreditsSettled::SIGNATURE_HASH) => {
            let event = log.log_decode::<IDiem::CreditsSettled>().ok()?.inner.data;
            (Line::Account(event.account), event.epoch, event.used)
        }
        _ => {
            let event = log.log_decode::<IDiem::LeaseSettled>().ok()?.inner.data;
            (
                Line::Lease(event.id.try_into().ok()?),
                event.epoch,
                event.used,
            )
        }
    };
    Some(((line, epoch.try_into().ok()?), Usd(used.try_into().ok()?)))
}

/// Adds to the journal's own audit what the chain says otherwise. Totals of lines in `today` may still grow on chain.
///
/// A gateway that runs goes on while it is audited: `before` is what the chain said before the journal was read, and
/// `after` afterwards. What was settled before must be in the journal, and what the journal has confirmed must be
/// settled after.
pub fn audit(journal: &mut Audit, before: &Settled, after: &Settled, today: Epoch) {
    let known: BTreeMap<(Line, Epoch), LineAudit> = journal
        .lines
        .iter()
        .map(|line| ((line.line, line.epoch), *line))
        .collect();
    let mut found = Vec::new();
    let mut say = |place: (Line, Epoch), what: String| {
        found.push(Disagreement {
            line: Some(place),
            request: None,
            what,
        });
    };
    for (place, settled) in before {
        let Some(line) = known.get(place) else {
            say(
                *place,
                format!("the chain has {settled} dollars settled, the journal knows nothing of it"),
            );
            continue;
        };
        let held = line.opening.0 + line.charged.0 + line.open.0;
        let most = Usd(held).max(line.stated);
        if *settled > most {
            say(
                *place,
                format!("the chain has {settled} dollars settled, the journal only {most}"),
            );
        }
    }
    for (place, line) in &known {
        let settled = after
            .get(place)
            .copied()
            .unwrap_or_default()
            .max(line.opening);
        if line.confirmed > settled {
            let confirmed = line.confirmed;
            say(
                *place,
                format!(
                    "the journal has {confirmed} dollars confirmed, the chain's events {settled}"
                ),
            );
        }
        let used = Usd(line.opening.0 + line.charged.0);
        if place.1 < today && used > settled {
            let lost = used.saturating_sub(settled);
            say(
                *place,
                format!("{lost} dollars of {used} were never settled and are the gateway's loss"),
            );
        }
    }
    journal.disagreements.extend(found);
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: Line = Line::Lease(7);

    fn journal(charged: u128, stated: u128, confirmed: u128) -> Audit {
        let line = LineAudit {
            line: LINE,
            epoch: 9,
            allowance: Usd(100),
            opening: Usd(0),
            charged: Usd(charged),
            open: Usd(0),
            stated: Usd(stated),
            confirmed: Usd(confirmed),
            loss: Usd(0),
        };
        Audit {
            lines: vec![line],
            disagreements: Vec::new(),
        }
    }

    fn found(mut journal: Audit, chain: &[((Line, Epoch), Usd)], today: Epoch) -> Vec<String> {
        let chain = chain.iter().copied().collect();
        audit(&mut journal, &chain, &chain, today);
        let say = |found: &Disagreement| found.to_string();
        journal.disagreements.iter().map(say).collect()
    }

    #[test]
    fn sums_that_agree_are_not_named() {
        assert_eq!(
            found(journal(5, 5, 5), &[((LINE, 9), Usd(5))], 10),
            Vec::<String>::new()
        );
        assert_eq!(found(journal(5, 0, 0), &[], 9), Vec::<String>::new());
    }

    #[test]
    fn what_the_chain_has_beyond_the_journal_is_named() {
        let said = found(journal(5, 5, 5), &[((LINE, 9), Usd(6))], 9);
        assert!(said[0].contains("lease:7"), "{said:?}");
        let said = found(
            journal(5, 5, 5),
            &[((LINE, 9), Usd(5)), ((Line::Lease(8), 9), Usd(1))],
            9,
        );
        assert!(said.len() == 1 && said[0].contains("lease:8"), "{said:?}");
    }

    #[test]
    fn what_was_never_settled_is_named_once_its_epoch_is_over() {
        let said = found(journal(5, 3, 3), &[((LINE, 9), Usd(3))], 10);
        assert!(said.len() == 1 && said[0].contains("loss"), "{said:?}");
    }

    #[test]
    fn what_the_journal_believes_confirmed_and_the_chain_does_not_have_is_named() {
        let said = found(journal(5, 5, 5), &[((LINE, 9), Usd(4))], 9);
        assert!(said.len() == 1 && said[0].contains("confirmed"), "{said:?}");
    }
}
