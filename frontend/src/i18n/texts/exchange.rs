//! Requests and responses.

texts! {
    REQUEST: "Request, {n} bytes of body", "Aanvraag, {n} bytes inhoud";
    RESPONSE: "Response, {status}, {n} bytes", "Antwoord, {status}, {n} bytes";
    RESPONSE_CUT: "Response, {status}, the first {n} bytes", "Antwoord, {status}, de eerste {n} bytes";
    RESPONSE_BASE64: "Response, {status}, not text: shown in base64", "Antwoord, {status}, geen tekst: getoond in base64";
    COPY_REQUEST: "Copy request", "Aanvraag kopiëren";
    COPY_RESPONSE: "Copy response", "Antwoord kopiëren";
    RAW: "Raw", "Onbewerkt";
    LAID_OUT: "Laid out", "Opgemaakt";
}
