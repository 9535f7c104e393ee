//! Signing in.

texts! {
    TITLE: "Sign in", "Aanmelden";
    TO: "to {host}", "bij {host}";
    TOKEN: "API token or sign-in code", "API-token of aanmeldcode";
    TOKEN_HINT: "We keep it out of this page’s reach: you get a cookie that only the server reads.", "We houden het buiten bereik van deze pagina: u krijgt een cookie die alleen de server leest.";
    WHERE: "Where do I get one?", "Hoe kom ik eraan?";
    WHERE_LINK: "The server printed a sign-in link when it started. For a new one, on the server itself:", "De server toonde bij het starten een aanmeldlink. Voor een nieuwe, op de server zelf:";
    COPY_COMMAND: "Copy the command", "Opdracht kopiëren";
    INSPECTOR: "Only want to check a signature? The {link} needs no sign-in.", "Wilt u alleen een handtekening controleren? Voor de {link} hoeft u zich niet aan te melden.";
    INSPECTOR_LINK: "inspector", "inspecteur";
    ENDED: "Your session has ended", "Uw sessie is afgelopen";
    ENDED_MEANING: "Sign in again and go on where you were: nothing on this page is lost, and what was being saved is saved then.", "Meld u opnieuw aan en ga verder waar u was: op deze pagina gaat niets verloren, en wat werd opgeslagen, wordt dan opgeslagen.";
    ELSEWHERE: "This is another environment: you are in {name} now, no longer in {before}.", "Dit is een andere omgeving: u bent nu in {name}, niet meer in {before}.";
    LINK_REFUSED: "This link was used already, or it is too old: each works once. Make a new one, below, or ask whoever runs this server.", "Deze link is al gebruikt of te oud: elke link werkt één keer. Maak hieronder een nieuwe, of vraag de beheerder van deze server.";
    TOKEN_REFUSED: "This token or code is not known here, or it has expired. Make a new one, below, or ask whoever runs this server.", "Dit token of deze code is hier niet bekend, of verlopen. Maak hieronder een nieuwe, of vraag de beheerder van deze server.";
}
