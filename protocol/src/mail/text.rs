//! Decoded text that remembers where it stands in the mail.

use std::ops::Range;

/// Text, and for each stretch of it the place in the mail that it came from.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    text: String,
    /// Offsets in the text and in the mail, both ascending. Between two of them one byte of text is taken to be one
    /// byte of the mail, which holds for plain text and is near enough to highlight in encoded text.
    marks: Vec<(usize, usize)>,
    /// Where the stretch in the mail ends.
    end: usize,
}

impl Text {
    pub(super) fn with_capacity(length: usize) -> Self {
        Self { text: String::with_capacity(length), marks: Vec::with_capacity(length / 32), end: 0 }
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// Appends text that came from `source`.
    pub(super) fn push(&mut self, text: &str, source: Range<usize>) {
        let in_step = self
            .marks
            .last()
            .is_some_and(|&(at, from)| source.start >= from && self.text.len() - at == source.start - from);
        if !in_step {
            self.marks.push((self.text.len(), source.start));
        }
        self.text.push_str(text);
        self.end = self.end.max(source.end);
    }

    /// Appends another text, which stands further on in the mail.
    pub(super) fn append(&mut self, other: &Self) {
        let shift = self.text.len();
        self.marks.extend(other.marks.iter().map(|&(at, from)| (at + shift, from)));
        self.text.push_str(&other.text);
        self.end = self.end.max(other.end);
    }

    /// Ends the text at a position, which is moved to where a character starts.
    pub(super) fn truncate(&mut self, at: usize) {
        let mut at = at.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        self.text.truncate(at);
    }

    /// Where a range of the text stands in the mail.
    pub(super) fn source(&self, range: Range<usize>) -> Range<usize> {
        let start = self.position(range.start);
        let end = if range.end > range.start { self.position(range.end - 1) + 1 } else { start };
        start..end.max(start)
    }

    fn position(&self, at: usize) -> usize {
        let index = self.marks.partition_point(|&(offset, _)| offset <= at);
        let Some(&(offset, from)) = index.checked_sub(1).and_then(|index| self.marks.get(index)) else {
            return self.end;
        };
        let limit = self.marks.get(index).map_or(self.end, |&(_, next)| next.max(from + 1));
        (from + (at - offset)).min(limit.saturating_sub(1).max(from))
    }

    /// The lines of the text, trimmed of their ends, with their ranges.
    pub(super) fn lines(&self) -> impl Iterator<Item = Range<usize>> {
        let mut at = 0;
        self.text.split('\n').map(move |line| {
            let range = at..at + line.trim_end().len();
            at += line.len() + 1;
            range
        })
    }
}
