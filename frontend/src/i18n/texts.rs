//! Every sentence of the dashboard, a table for each part of it.
//!
//! Dutch addresses the reader with u. Both languages: sentence case, verbs on buttons, "…" where a question follows;
//! an error says what happened, what it means, and what to do.

/// Declares texts: a name, English, Dutch.
macro_rules! texts {
    ($($name:ident: $en:literal, $nl:literal;)+) => {
        $(pub(crate) static $name: $crate::i18n::Text = $crate::i18n::Text { en: $en, nl: $nl };)+
        /// All of them, for tests.
        #[cfg(test)]
        pub(crate) static EACH: &[(&str, &$crate::i18n::Text)] = &[$((stringify!($name), &$name)),+];
    };
}

/// Declares the tables, and their list for tests.
macro_rules! tables {
    ($($table:ident),+ $(,)?) => {
        $(pub(crate) mod $table;)+
        /// All tables by their names.
        #[cfg(test)]
        pub(crate) static TABLES: &[(&str, &[(&str, &super::Text)])] = &[$((stringify!($table), $table::EACH)),+];
    };
}

tables!(
    audit,
    common,
    create,
    deliveries,
    environment,
    error,
    events,
    exchange,
    figures,
    history,
    inspector,
    keyboard,
    keys,
    logfiles,
    mail,
    mistake,
    moment,
    opened,
    overview,
    problem,
    receiver,
    refusal,
    settings,
    shell,
    sign_in,
    status,
    test_tool,
    tokens,
    transport,
    verification,
    webhook,
    webhooks,
    welcome,
);
