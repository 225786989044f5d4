//! What a program printed, as long as it fits: printing is free of ink.

/// Most bytes of lines that are kept until they are taken.
const MAX_CONSOLE_BYTES: usize = 1 << 20;
/// Bytes that a line takes besides its text.
const LINE_BYTES: usize = 64;
/// The last line, where there were more.
const CUT: &str = "(more was printed)";

/// Lines since the last time they were taken.
#[derive(Debug, Default)]
pub(crate) struct Console {
    lines: Vec<String>,
    bytes: usize,
}

impl Console {
    /// Whether another line would be kept.
    pub(crate) fn has_room(&self) -> bool {
        self.bytes < MAX_CONSOLE_BYTES
    }

    /// Prints a line, cut to what fits.
    pub(crate) fn print(&mut self, text: &[u8]) {
        let Some(room) = MAX_CONSOLE_BYTES.checked_sub(self.bytes) else {
            return;
        };
        if room == 0 {
            return;
        }
        let text = &text[..text.len().min(room)];
        self.bytes += LINE_BYTES + text.len();
        self.lines.push(String::from_utf8_lossy(text).into_owned());
        if !self.has_room() {
            self.lines.push(CUT.to_owned());
        }
    }

    pub(crate) fn take(&mut self) -> Vec<String> {
        self.bytes = 0;
        std::mem::take(&mut self.lines)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_cut_and_the_rest_dropped() {
        let mut console = Console::default();
        console.print(b"short");
        console.print(&[b'x'; 2 * MAX_CONSOLE_BYTES]);
        console.print(b"dropped");
        let lines = console.take();
        assert_eq!(lines.len(), 3);
        assert_eq!((lines[0].as_str(), lines[2].as_str()), ("short", CUT));
        assert!(lines[1].len() < MAX_CONSOLE_BYTES);
        console.print(b"again");
        assert_eq!(console.take(), ["again"]);
    }
}
