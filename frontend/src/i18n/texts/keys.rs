//! The keys.

texts! {
    TITLE: "Keys", "Sleutels";
    SUBTITLE: "With these your receivers verify what we send. Publish each record in DNS under its name.", "Hiermee verifiëren uw ontvangers wat wij sturen. Publiceer elk record in DNS onder zijn naam.";
    NONE: "There is no key yet. One is made with the first call that is signed.", "Er is nog geen sleutel. Bij de eerste ondertekende aanroep wordt er een gemaakt.";
    NEXT: "Next", "Volgende";
    CURRENT: "Signs now", "Ondertekent nu";
    RETIRED: "Retired", "Buiten gebruik";
    SINCE: "Since", "Sinds";
    UNTIL: "Until", "Tot";
    WITHOUT_DNS: "Without DNS", "Zonder DNS";
    ASK_DNS: "Ask DNS again", "DNS opnieuw vragen";
    ASKING: "asking…", "wordt gevraagd…";
    SHOWN: "shows the key", "toont de sleutel";
    NOT_SHOWN: "shows no record there", "toont daar geen record";
    ANOTHER_SHOWN: "shows another record there", "toont daar een ander record";
    UNKNOWN_SHOWN: "could not be asked: its name servers do not answer as they should", "kon niet worden gevraagd: de naamservers antwoorden niet zoals het hoort";
    NOT_ASKED: "not asked: names below localhost are in nobody’s DNS", "niet gevraagd: namen onder localhost staan in niemands DNS";
    NOT_ALL_SHOWN: "DNS does not show every key", "DNS toont niet elke sleutel";
    ZONE_HERE: "This Seinpost answers for {zone} itself: a new key is in DNS as soon as it is made.", "Deze Seinpost antwoordt zelf voor {zone}: een nieuwe sleutel staat in DNS zodra hij is gemaakt.";
    ZONE_NOT_DELEGATED: "This Seinpost answers for {zone} itself, but what DNS shows is not from here. See that the zone is delegated to it and that its port can be reached.", "Deze Seinpost antwoordt zelf voor {zone}, maar wat DNS toont, komt niet van hier. Ga na of de zone hierheen is gedelegeerd en de poort bereikbaar is.";
    ZONE_TO_PUBLISH: "Publish the records below in the zone {zone}. A change can take a while to be known everywhere.", "Publiceer de records hieronder in de zone {zone}. Het kan even duren voordat een wijziging overal bekend is.";
    ROTATION: "The next key", "De volgende sleutel";
    ROTATION_WHY: "A key signs for thirty days; the next one is made three days before and signs once DNS shows it. You can have it sooner: it signs in two days, or at once if DNS shows it. The old one stays published for a week.", "Een sleutel ondertekent dertig dagen; de volgende wordt drie dagen eerder gemaakt en ondertekent zodra DNS hem toont. Het kan eerder: dan ondertekent hij over twee dagen, of meteen als DNS hem toont. De oude blijft een week gepubliceerd.";
    MAKE_NEXT: "Make the next key", "Volgende sleutel maken";
    MADE: "The next key is made. Publish its record.", "De volgende sleutel is gemaakt. Publiceer het record.";
    SIGN_NOW_ASK: "Let it sign now…", "Nu laten ondertekenen…";
    SIGN_NOW_TITLE: "Let the next key sign from now on?", "De volgende sleutel vanaf nu laten ondertekenen?";
    SIGN_NOW_MEANING: "DNS is asked first, and if it does not show the key, nothing changes. Receivers that keep keys for long may refuse calls until they look again.", "Eerst wordt DNS gevraagd, en toont dat de sleutel niet, dan verandert er niets. Ontvangers die sleutels lang bewaren, weigeren aanroepen misschien tot ze opnieuw kijken.";
    SIGN_NOW: "Let it sign now", "Nu laten ondertekenen";
    SIGNS: "The next key signs from now on.", "De volgende sleutel ondertekent vanaf nu.";
    REFUSED: "The next key cannot sign yet", "De volgende sleutel kan nog niet ondertekenen";
    RECORD: "TXT record", "TXT-record";
    ZONE: "As a line of a zone file", "Als regel van een zonebestand";
    COPY_NAME: "Copy the record’s name", "Naam van het record kopiëren";
    COPY_RECORD: "Copy the record", "Record kopiëren";
    COPY_ZONE: "Copy the line", "Regel kopiëren";
}
