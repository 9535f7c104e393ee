//! Check my receiver.

texts! {
    TITLE: "Check my receiver", "Mijn ontvanger controleren";
    SUBTITLE: "nine calls, some of them wrong on purpose", "negen aanroepen, sommige met opzet fout";
    WHY: "A good receiver accepts what is ours and refuses the rest. This sends it both: valid, altered, stale, future and repeated calls, calls of another environment or key, a form and a large one. They carry sample data and are not in the log.", "Een goede ontvanger neemt aan wat van ons is en weigert de rest. Hiermee krijgt hij beide: geldige, gewijzigde, verlopen, toekomstige en herhaalde aanroepen, van een andere omgeving of sleutel, een formulier en een grote. Ze bevatten voorbeeldgegevens en staan niet in het log.";
    RUN: "Run the check", "Controle starten";
    AGAIN: "Run again", "Opnieuw controleren";
    CALL: "Call", "Aanroep";
    WANTED: "Wanted", "Gewenst";
    ANSWERED: "Answered", "Antwoord";
    MEANING: "Meaning", "Betekenis";
    LOOK: "The call and its answer", "De aanroep en het antwoord";
    SUMMARY: "{good} of {all} as they should be", "{good} van {all} zoals het hoort";
    PASS: "Good:", "Goed:";
    WARN: "Could be better:", "Kan beter:";
    FAIL: "To be mended:", "Te herstellen:";
    SKIP: "Left out:", "Overgeslagen:";
    VALID: "Valid, signed as always", "Geldig, ondertekend als altijd";
    ALTERED: "Body altered after signing", "Inhoud gewijzigd na ondertekening";
    STALE: "Signed for a time that is past", "Ondertekend voor een tijd die voorbij is";
    FUTURE: "Signed for a time to come", "Ondertekend voor een tijd die nog komt";
    REPEATED: "The valid call once more", "De geldige aanroep nog eens";
    FOREIGN: "Another environment", "Een andere omgeving";
    WRONG_KEY: "Signed with a wrong key", "Ondertekend met een verkeerde sleutel";
    FORM: "Form-encoded", "Als formulier";
    LARGE: "As large as an event may be", "Zo groot als een gebeurtenis mag zijn";
    ACCEPTED: "Accepted.", "Aangenomen.";
    REFUSED_WELL: "Refused, as it should be.", "Geweigerd, zoals het hoort.";
    REFUSED_WRONGLY: "It refuses a call that is ours. Its answer says why.", "Hij weigert een aanroep die van ons is. Zijn antwoord zegt waarom.";
    REFUSED_LIKE_VALID: "It refuses the valid call too, so this shows nothing.", "Hij weigert ook de geldige aanroep, dus dit zegt niets.";
    TOOK_ALTERED: "It accepts a body that was changed on the way. Verify the digest of the raw bytes.", "Hij neemt inhoud aan die onderweg is gewijzigd. Verifieer de digest van de rauwe bytes.";
    TOOK_STALE: "It accepts old calls. Refuse a date that is too far back.", "Hij neemt oude aanroepen aan. Weiger een datum die te ver terug ligt.";
    TOOK_FUTURE: "It accepts calls from the future. Check the date in both directions.", "Hij neemt aanroepen uit de toekomst aan. Controleer de datum in beide richtingen.";
    TOOK_REPEATED: "It took one call twice. Keep the nonces of the last minutes.", "Hij nam één aanroep twee keer aan. Bewaar de nonces van de laatste minuten.";
    TOOK_FOREIGN: "It accepts calls of another environment. Compare the environment with your own.", "Hij neemt aanroepen van een andere omgeving aan. Vergelijk de omgeving met de uwe.";
    TOOK_WRONG_KEY: "It accepts calls that are not ours. Verify the signature with the published key.", "Hij neemt aanroepen aan die niet van ons zijn. Verifieer de handtekening met de gepubliceerde sleutel.";
    TOO_LARGE: "Too large for it, and it said so.", "Te groot voor hem, en dat zei hij.";
    UNKNOWN_FORMAT: "It does not read this format, and said so.", "Hij leest dit formaat niet, en dat zei hij.";
    NOT_THERE: "Nothing takes calls at this URL.", "Op deze URL neemt niets aanroepen aan.";
    TOO_OFTEN: "It asks for fewer calls, so this shows nothing.", "Hij vraagt om minder aanroepen, dus dit zegt niets.";
    REDIRECTED: "It sends us on to another address, which we do not follow.", "Hij verwijst door naar een ander adres en dat volgen we niet.";
    CRASHED: "It failed itself. A call that is refused should be answered with 401 or 400.", "Hij gaf zelf een fout. Een geweigerde aanroep hoort 401 of 400 te krijgen.";
    SLOW: "As it should be, but slowly. Answer first, and do the work later.", "Zoals het hoort, maar traag. Antwoord eerst en doe het werk later.";
    NO_ANSWER: "No answer came.", "Er kwam geen antwoord.";
    NOT_MADE: "Not sent, as those before had no answer.", "Niet verstuurd, omdat op eerdere geen antwoord kwam.";
    NOT_APPLICABLE: "This profile knows no such thing.", "Dit profiel kent dit niet.";
}
