//! Proving that a URL is one’s own.

texts! {
    TITLE: "Verification", "Verificatie";
    DOWNLOAD: "Download the file", "Download het bestand";
    DOWNLOAD_WHY: "Its name and its one line are for this webhook only.", "De naam en de ene regel zijn alleen voor deze webhook.";
    OR_COPY: "or copy the line", "of kopieer de regel";
    COPY_CONTENT: "Copy the file’s content", "Inhoud van het bestand kopiëren";
    PUT: "Put it where we can fetch it", "Zet het waar wij het kunnen ophalen";
    PUT_WHY: "Either place will do. It may go again once the URL is verified.", "Beide plaatsen zijn goed. Na de verificatie mag het weer weg.";
    PUT_WHY_ROOT: "It may go again once the URL is verified.", "Na de verificatie mag het weer weg.";
    BESIDE: "Beside the script", "Naast het script";
    IN_ROOT: "In the root", "In de hoofdmap";
    COPY_BESIDE: "Copy the URL beside the script", "URL naast het script kopiëren";
    COPY_ROOT: "Copy the URL in the root", "URL in de hoofdmap kopiëren";
    LOOK_TITLE: "Let us look", "Laat ons kijken";
    LOOK_WHY: "We fetch the file and follow no redirect.", "We halen het bestand op en volgen geen doorverwijzing.";
    LOOK: "Look", "Kijken";
    LOOK_AGAIN: "Look again", "Opnieuw kijken";
    LAST_LOOK: "Last look {ago}: not verified", "Laatst gekeken {ago}: niet geverifieerd";
    WITH_CURL: "Prefer the command line? {command} answers the same, as JSON.", "Liever de opdrachtregel? {command} antwoordt hetzelfde, als JSON.";
    NOW_VERIFIED: "Verified. Events are sent from now on, and the file may go.", "Geverifieerd. Vanaf nu worden gebeurtenissen verstuurd, en het bestand mag weg.";
    VERIFIED: "Verified", "Geverifieerd";
    NOT_VERIFIED: "Not verified", "Niet geverifieerd";
    FOUND: "What we found", "Wat we vonden";
    OUTCOME_MATCH: "The file, in {time}", "Het bestand, in {time}";
    OUTCOME_BODY: "{status}, another body", "{status}, andere inhoud";
    OUTCOME_STATUS: "{status} in {time}", "{status} in {time}";
    OUTCOME_NONE: "No answer", "Geen antwoord";
    HTML_TITLE: "Your server answered with a web page", "Uw server antwoordde met een webpagina";
    HTML_ADVICE: "It may be a sign-in or an error page that comes for every address. Let this one path through to the file itself, then look again.", "Mogelijk is het een aanmeld- of foutpagina die op elk adres verschijnt. Laat dit ene pad door naar het bestand zelf en laat ons dan opnieuw kijken.";
    BODY_TITLE: "What stands there is another text", "Wat daar staat, is een andere tekst";
    BODY_ADVICE: "It may be the file of another webhook, or it was changed on the way. Put this webhook’s file there as it was downloaded, then look again.", "Mogelijk is het het bestand van een andere webhook, of is het onderweg veranderd. Zet het bestand van deze webhook daar zoals u het downloadde en laat ons dan opnieuw kijken.";
    REDIRECT_TITLE: "Your server sends us on", "Uw server verwijst ons door";
    REDIRECT_ADVICE: "It redirects to {to}. We do not follow, since a call would not either. Serve the file here, or change the callback URL to the address that answers itself.", "Hij verwijst door naar {to}. We volgen dat niet, want een aanroep doet dat ook niet. Geef het bestand hier, of wijzig de callback-URL in het adres dat zelf antwoordt.";
    MISSING_TITLE: "The file is not there", "Het bestand staat er niet";
    MISSING_ADVICE: "The file is not at this place. If it stands at the other one, this one does not matter.", "Het bestand staat niet op deze plaats. Staat het op de andere, dan doet deze er niet toe.";
    CLOSED_TITLE: "Your server does not let us in", "Uw server laat ons niet toe";
    CLOSED_ADVICE: "It asks for a sign-in or blocks our address. Let this one path through, then look again.", "Hij vraagt om aanmelding of blokkeert ons adres. Laat dit ene pad door en laat ons dan opnieuw kijken.";
    ERROR_TITLE: "Your server failed", "Uw server gaf een fout";
    ERROR_ADVICE: "Its own log says why. Mend it, then look again.", "Het log van die server zegt waarom. Herstel het en laat ons dan opnieuw kijken.";
    STATUS_TITLE: "Your server answered with something else", "Uw server antwoordde iets anders";
    STATUS_ADVICE: "It should answer a GET with 200 and the file. Mend it, then look again.", "Op een GET hoort 200 met het bestand te komen. Herstel het en laat ons dan opnieuw kijken.";
    SILENT_TITLE: "Your server could not be reached", "Uw server was niet bereikbaar";
    SILENT_ADVICE: "See that its name resolves to a public address and that it answers from outside, then look again.", "Ga na of de naam naar een openbaar adres leidt en of de server van buiten antwoordt, en laat ons dan opnieuw kijken.";
    BODY_HEAD: "{kind}, the first {shown} of {lines} {lines?line|lines}", "{kind}, de eerste {shown} van {lines} {lines?regel|regels}";
    COPY_BODY: "Copy what came back", "Kopiëren wat terugkwam";
}
