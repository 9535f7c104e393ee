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
    RECORD: "TXT record", "TXT-record";
    ZONE: "As a line of a zone file", "Als regel van een zonebestand";
    COPY_NAME: "Copy the record’s name", "Naam van het record kopiëren";
    COPY_RECORD: "Copy the record", "Record kopiëren";
    COPY_ZONE: "Copy the line", "Regel kopiëren";
}
