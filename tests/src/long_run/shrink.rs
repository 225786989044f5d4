//! Makes a failing sequence shorter as long as it goes on failing.

/// The shortest sequence found that still `breaks`, after at most `most` tries: without halves, quarters and so on
/// down to single items. The answer has the order of `items`; it is `items` itself when nothing less breaks.
pub fn shrink<T: Clone>(
    mut items: Vec<T>,
    most: usize,
    mut breaks: impl FnMut(&[T]) -> bool,
) -> Vec<T> {
    let mut tries = 0;
    let mut width = items.len().div_ceil(2);
    while width > 0 {
        let mut start = 0;
        let mut shorter = false;
        while start < items.len() {
            if tries == most {
                return items;
            }
            tries += 1;
            let end = (start + width).min(items.len());
            let rest = [&items[..start], &items[end..]].concat();
            if breaks(&rest) {
                items = rest;
                shorter = true;
            } else {
                start = end;
            }
        }
        // Single items are tried again for as long as one of them goes.
        if width > 1 {
            width = width.div_ceil(2);
        } else if !shorter {
            width = 0;
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_matter_goes_and_the_order_stays() {
        let breaks = |items: &[u32]| {
            let seven = items.iter().position(|item| *item == 7);
            seven.is_some_and(|at| items[at..].contains(&90))
        };
        assert_eq!(shrink((0..100).collect(), 1_000, breaks), [7, 90]);
    }

    #[test]
    fn what_breaks_by_itself_shrinks_to_nothing() {
        assert!(shrink(vec![1, 2, 3], 100, |_| true).is_empty());
    }

    #[test]
    fn what_breaks_only_whole_stays_whole() {
        let whole: Vec<u32> = (0..9).collect();
        assert_eq!(
            shrink(whole.clone(), 1_000, |items| items.len() == 9),
            whole
        );
    }

    #[test]
    fn tries_are_bounded() {
        let mut tries = 0;
        shrink((0..1_000).collect::<Vec<u32>>(), 10, |_| {
            tries += 1;
            false
        });
        assert_eq!(tries, 10);
    }
}
