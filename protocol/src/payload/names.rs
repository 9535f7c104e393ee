//! Finding a name among those of one object.

use crate::signature::sha256;

/// Up to so many names are looked through one by one.
const FEW: usize = 16;

/// Finds names in a list in constant time, however many there are and whoever chose them: they are hashed with SHA-256,
/// so that nobody can choose names that collide.
#[derive(Default)]
pub(super) struct NameIndex {
    /// Positions in the list, plus one; 0 is free. A power of two of them, at most half taken.
    slots: Vec<u32>,
    /// So many of the list are in `slots`.
    taken: usize,
}

impl NameIndex {
    /// Where a name stands in the list, which may have grown since the last time, and never shrinks.
    pub(super) fn find<T>(&mut self, list: &[(String, T)], name: &str) -> Option<usize> {
        if list.len() <= FEW {
            return list.iter().position(|(each, _)| each == name);
        }
        self.catch_up(list);
        let mut at = self.start(name);
        loop {
            let found = usize::try_from(*self.slots.get(at)?).ok()?.checked_sub(1)?;
            if list.get(found).is_some_and(|(each, _)| each == name) {
                return Some(found);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
    }

    fn catch_up<T>(&mut self, list: &[(String, T)]) {
        if list.len() * 2 > self.slots.len() {
            self.slots = vec![0; (list.len() * 4).next_power_of_two()];
            self.taken = 0;
        }
        while let Some((name, _)) = list.get(self.taken) {
            self.taken += 1;
            let mut at = self.start(name);
            while self.slots.get(at).is_some_and(|slot| *slot != 0) {
                at = (at + 1) & (self.slots.len() - 1);
            }
            if let (Some(slot), Ok(position)) = (self.slots.get_mut(at), u32::try_from(self.taken)) {
                *slot = position;
            }
        }
    }

    fn start(&self, name: &str) -> usize {
        let [a, b, c, d, ..] = sha256(name.as_bytes());
        usize::try_from(u32::from_le_bytes([a, b, c, d])).unwrap_or(0) & (self.slots.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::NameIndex;

    #[test]
    fn names_are_found_among_few_and_many() {
        let mut index = NameIndex::default();
        let mut list = Vec::new();
        for number in 0..5_000_usize {
            let name = format!("name{number}");
            assert_eq!(index.find(&list, &name), None);
            list.push((name, ()));
            assert_eq!(index.find(&list, &format!("name{}", number / 2)), Some(number / 2));
        }
    }
}
