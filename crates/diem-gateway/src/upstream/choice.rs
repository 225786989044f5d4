//! Whose turn it is among servers with weights.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Hands out orders in which to try the servers: the first by weight, the others behind it as they stand.
#[derive(Debug)]
pub(super) struct Turns {
    /// A server's index as often as its share says, spread evenly.
    wheel: Vec<usize>,
    servers: usize,
    at: AtomicUsize,
}

/// The wheel has at most so many places; larger weights are scaled down.
const PLACES: u64 = 1024;

impl Turns {
    pub(super) fn new(weights: impl Iterator<Item = u32>) -> Self {
        let weights: Vec<u64> = weights.map(u64::from).collect();
        let sum = weights.iter().sum::<u64>();
        let scaled = |weight: u64| {
            if sum > PLACES {
                (weight * PLACES).div_ceil(sum)
            } else {
                weight
            }
        };
        let weights: Vec<u64> = weights.iter().map(|weight| scaled(*weight)).collect();
        let places: u64 = weights.iter().sum();
        // Each place goes to who is furthest behind its share.
        let mut given = vec![0_u64; weights.len()];
        let wheel = (1..=places).filter_map(|place| {
            let behind =
                |index: &usize| (weights[*index] * place).saturating_sub(given[*index] * places);
            let next = (0..weights.len())
                .filter(|index| weights[*index] > 0)
                .max_by_key(|index| (behind(index), usize::MAX - index));
            next.inspect(|index| given[*index] += 1)
        });
        let wheel: Vec<usize> = wheel.collect();
        let servers = weights.len();
        Self {
            wheel,
            servers,
            at: AtomicUsize::new(0),
        }
    }

    pub(super) fn next(&self) -> impl Iterator<Item = usize> + use<> {
        let turn = self.at.fetch_add(1, Ordering::Relaxed);
        let first = match self.wheel.len() {
            0 => turn % self.servers.max(1),
            places => self.wheel[turn % places],
        };
        std::iter::once(first).chain((0..self.servers).filter(move |index| *index != first))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_shares_and_everybody_is_tried() {
        let turns = Turns::new([3, 1, 0].into_iter());
        let orders: Vec<Vec<usize>> = (0..8).map(|_| turns.next().collect()).collect();
        assert_eq!(orders.iter().filter(|order| order[0] == 0).count(), 6);
        assert_eq!(orders.iter().filter(|order| order[0] == 1).count(), 2);
        for order in orders {
            let mut all = order.clone();
            all.sort_unstable();
            assert_eq!(all, [0, 1, 2], "{order:?}");
        }
    }
}
