//! Who is told about commits.

use std::sync::{Arc, PoisonError, RwLock, Weak};

use crate::store::Observer;

/// Who is told about commits.
#[derive(Default)]
pub(super) struct Observers(RwLock<Vec<Weak<dyn Observer>>>);

impl Observers {
    pub(super) fn add(&self, observer: Weak<dyn Observer>) {
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        all.retain(|each| each.strong_count() > 0);
        all.push(observer);
    }

    /// Those that are still there.
    pub(super) fn all(&self) -> Vec<Arc<dyn Observer>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).iter().filter_map(Weak::upgrade).collect()
    }
}
