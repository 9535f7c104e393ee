//! Figures and charts.

texts! {
    NO_DATA: "no data", "geen gegevens";
    SPARK: "Hourly deliveries over 24 h: {good} delivered, {bad} failed", "Afleveringen per uur over 24 uur: {good} afgeleverd, {bad} mislukt";
    RANGE: "Time range", "Periode";
    HOUR: "1 h", "1 uur";
    DAY: "24 h", "24 uur";
    WEEK: "7 d", "7 d";
    MONTH: "30 d", "30 d";
    LAST_HOUR: "Last hour", "Laatste uur";
    LAST_DAY: "Last 24 h", "Laatste 24 uur";
    LAST_WEEK: "Last 7 days", "Laatste 7 dagen";
    LAST_MONTH: "Last 30 days", "Laatste 30 dagen";
    DELIVERED: "Delivered", "Afgeleverd";
    AT_ONCE: "Delivered at once", "Meteen afgeleverd";
    SHARE_AT_ONCE: "{share} at once", "{share} meteen";
    RETRIED: "After a retry", "Na herhaling";
    REFUSED: "Refused", "Geweigerd";
    UNANSWERED: "No answer", "Geen antwoord";
    FAILED: "Failed", "Mislukt";
    WAITING: "Waiting", "Wachtend";
    WAITING_SMALL: "for their next attempt", "op hun volgende poging";
    MEDIAN: "Median answer", "Mediaan antwoord";
    EVER: "In all, since {since}: {once} delivered at once, {again} after a retry, {refused} refused, {silent} not answered.", "In totaal, sinds {since}: {once} meteen afgeleverd, {again} na herhaling, {refused} geweigerd, {silent} niet beantwoord.";
    P95: "p95 {time}", "p95 {time}";
    OUTCOMES: "Deliveries by outcome", "Afleveringen naar uitkomst";
    TIMES: "Response time", "Antwoordtijd";
    N_AT_ONCE: "{n} at once", "{n} meteen";
    N_RETRIED: "{n} retried", "{n} na herhaling";
    N_REFUSED: "{n} refused", "{n} geweigerd";
    N_UNANSWERED: "{n} unanswered", "{n} onbeantwoord";
    N_MEDIAN: "median {time}", "mediaan {time}";
    NO_ANSWERS: "no answers", "geen antwoorden";
    TABLE: "As a table", "Als tabel";
    STEP: "From", "Vanaf";
    AT_ONCE_COLUMN: "At once", "Meteen";
    MEDIAN_COLUMN: "Median", "Mediaan";
    P95_COLUMN: "p95", "p95";
    SUCCESS: "Success", "Geslaagd";
    MOVE: "Arrow keys move through the chart", "Met de pijltjestoetsen gaat u door de grafiek";
}
