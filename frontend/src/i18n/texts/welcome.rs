//! The first run.

texts! {
    TITLE: "Send your first event", "Verstuur uw eerste gebeurtenis";
    SUBTITLE: "Three steps, some five minutes. Each works here and on the command line.", "Drie stappen, een minuut of vijf. Elke stap kan hier en op de opdrachtregel.";
    CREATE: "Create a webhook", "Maak een webhook aan";
    CREATE_WHY: "Say what you want to hear and where. Nothing is sent until you have proved that the URL is yours.", "Zeg wat u wilt horen en waar. Er wordt niets verstuurd voordat u hebt aangetoond dat de URL van u is.";
    TYPES: "Which types are there?", "Welke soorten zijn er?";
    WITH_CURL: "Or with curl", "Of met curl";
    PROVE: "Prove that the URL is yours", "Toon aan dat de URL van u is";
    PROVE_WHY: "You get a small file, smtpeter-XXXXX.txt. Put it beside the script that will take the calls, or in the root, and we fetch it.", "U krijgt een klein bestand, smtpeter-XXXXX.txt. Zet het naast het script dat de aanroepen ontvangt, of in de hoofdmap, en wij halen het op.";
    ASK_TO_LOOK: "Then ask us to look", "Vraag ons daarna te kijken";
    SEND: "Send an event and watch it arrive", "Verstuur een gebeurtenis en zie haar aankomen";
    SEND_WHY: "It is signed, sent and logged within a second. This page turns into your list of webhooks by itself.", "Ze wordt binnen een seconde ondertekend, verstuurd en gelogd. Deze pagina wordt vanzelf uw lijst van webhooks.";
    A_BOUNCE: "A bounce to try with", "Een bounce om mee te proberen";
    NO_RECEIVER: "No receiver yet?", "Nog geen ontvanger?";
    NO_RECEIVER_WHY: "The {inspector} makes a signed sample of every type, shows how it is verified, and gives you the code for it in JavaScript, Python, PHP, Rust and Go.", "De {inspector} maakt van elke soort een ondertekend voorbeeld, toont hoe het wordt geverifieerd, en geeft u de code ervoor in JavaScript, Python, PHP, Rust en Go.";
    THE_INSPECTOR: "inspector", "inspecteur";
    COPY: "Copy: {what}", "Kopiëren: {what}";
}
