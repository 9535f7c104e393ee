//! Which attempts are templates for the ones after them.

use std::{
    hash::{Hash, Hasher},
    sync::Arc,
};

use rustc_hash::{FxHashMap, FxHasher};

use super::{broken, context::Context, flat::Flat};
use crate::store::{StoreResult, WebhookKey};

/// How many templates are remembered; with more, all are forgotten and made anew.
const MOST: usize = 20_000;

/// For how long a template is used, in milliseconds: what is older than that and the attempts is forgotten.
const LIFE: i64 = 24 * 60 * 60 * 1000;

/// The templates of each webhook and shape.
#[derive(Default)]
pub(super) struct Templates {
    known: FxHashMap<(WebhookKey, u64), Known>,
}

#[derive(Clone)]
enum Known {
    /// The shape was seen once: it may be one that never comes again.
    Seen,
    /// Its number in the database, and when it was made.
    Kept(i64, i64, Arc<Flat>),
}

impl Templates {
    pub(super) fn forget(&mut self) {
        self.known.clear();
    }
}

/// Writes an attempt as short as it can be; with the number of the template, if there is one.
pub(super) fn write(
    context: &mut Context<'_>,
    webhook: WebhookKey,
    pieces: Flat,
) -> StoreResult<(Option<i64>, Vec<u8>)> {
    let now = context.now();
    let mut hasher = FxHasher::default();
    pieces.shape.hash(&mut hasher);
    let key = (webhook, hasher.finish());
    let known = context.templates().known.get(&key).cloned();
    match known {
        Some(Known::Kept(number, made, template)) if template.shape == pieces.shape && now - made < LIFE => {
            Ok((Some(number), pieces.write_differences(&template)))
        }
        Some(Known::Seen | Known::Kept(..)) => {
            let number = keep(context, &pieces)?;
            let differences = pieces.write_differences(&pieces);
            context.templates().known.insert(key, Known::Kept(number, now, Arc::new(pieces)));
            Ok((Some(number), differences))
        }
        _ => {
            let whole = pieces.write()?;
            let templates = context.templates();
            if templates.known.len() >= MOST {
                templates.forget();
            }
            templates.known.insert(key, Known::Seen);
            Ok((None, whole))
        }
    }
}

fn keep(context: &Context<'_>, pieces: &Flat) -> StoreResult<i64> {
    context
        .prepare("INSERT INTO template (created, record) VALUES (?1, ?2)")?
        .insert(rusqlite::params![context.now(), pieces.write()?])
        .map_err(|error| broken(&error))
}
