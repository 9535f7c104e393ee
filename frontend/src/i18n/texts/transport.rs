//! What can happen between us and a receiver.

texts! {
    DNS: "The name of the server could not be resolved. See that it is spelt right and that it stands in DNS.", "De naam van de server kon niet worden opgezocht. Ga na of hij goed is gespeld en in DNS staat.";
    TARGET: "The name leads to an address or a port that is not called. Use a public address.", "De naam leidt naar een adres of poort die niet wordt aangeroepen. Gebruik een openbaar adres.";
    CONNECT: "The connection was refused or broken. See that the server runs and that a firewall lets us in.", "De verbinding werd geweigerd of verbroken. Ga na of de server draait en of een firewall ons doorlaat.";
    TLS: "The TLS handshake failed. See that the certificate is valid, for this name, and sent with its intermediates.", "De TLS-handshake mislukte. Ga na of het certificaat geldig is, voor deze naam, en met zijn tussencertificaten wordt verstuurd.";
    TIMEOUT: "The answer took too long. Answer first, and do the work later.", "Het antwoord duurde te lang. Antwoord eerst en doe het werk later.";
    PROTOCOL: "What came back is no HTTP, a redirect, or an answer with too many header fields. See that the URL names a web server.", "Wat terugkwam, is geen HTTP, een doorverwijzing, of een antwoord met te veel kopregels. Ga na of de URL naar een webserver wijst.";
    BROKEN: "The answer broke off after its status line. See the server’s own log.", "Het antwoord brak af na de statusregel. Kijk in het log van de server zelf.";
    EXACTLY: "In the server’s own words", "In de eigen woorden van de server (Engels)";
    INTERNAL: "The call could not be made. The fault is ours; it is tried again.", "De aanroep kon niet worden gedaan. De fout ligt bij ons; het wordt opnieuw geprobeerd.";
}
