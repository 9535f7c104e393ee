/** Why a file cannot be read, in Dutch, by the code of the system. */
const UNREADABLE = { ENOENT: "het bestaat niet", EISDIR: "het is een map", EACCES: "het mag niet" };

/** Why a key cannot be used, in Dutch, by its code. */
const MISTAKES = {
  "invalid-key": "een sleutel kan hier niet worden gebruikt",
  "key-too-long": "een sleutel is te lang",
  "key-base64": "een sleutel of geheim is geen canonieke base64",
  "key-syntax": "een record is geen lijst van tag=waarde, gescheiden door puntkomma’s",
  "key-duplicate-tag": "een tag staat twee keer in een record",
  "key-version": "een record begint niet met v=DKIM1",
  "key-type": "een sleutel is van een soort die niet wordt ondersteund",
  "key-missing": "een record heeft geen p=, dus geen sleutel",
  "key-revoked": "een sleutel is door de eigenaar ingetrokken",
  "key-service": "een sleutel is voor een ander gebruik gepubliceerd",
  "key-der": "de binaire vorm van een sleutel is beschadigd",
  "key-too-weak": "een RSA-sleutel heeft te weinig bits om veilig te zijn",
  "key-too-large": "een RSA-sleutel heeft meer bits dan wordt aanvaard",
  "key-exponent": "een RSA-sleutel heeft een exponent die niet veilig is",
  "key-length": "een sleutel of geheim heeft een lengte die niet mag",
  "key-json": "een sleutel lijkt een JWK, maar is geen JSON",
  "key-private": "een sleutel is privé; om te verifiëren is de publieke nodig",
  "key-secret": "tussen de sleutels staat een geheim, dat hoort bij de geheimen",
  "key-several": "een JWK-verzameling of meer dan één PEM-blok staat waar één sleutel hoort; geef elke sleutel apart",
};

/** Why a body cannot be decoded, in Dutch, by its code. */
const UNDECODABLE = {
  "unsupported-content-type": () => "hij is volgens Content-Type geen JSON en geen formulier",
  "invalid-utf8": () => "hij is geen UTF-8",
  "invalid-json": () => "hij is geen JSON",
  "not-an-object": () => "hier hoort een object met de variabelen te staan",
  "lone-surrogate": () => "een \\u-code is de helft van een paar en dus geen teken",
  "duplicate-name": () => "een naam staat twee keer in één object",
  "too-deep": () => "lijsten en objecten staan te diep in elkaar",
  "too-many-values": () => "er zijn te veel waarden",
  "invalid-percent-encoding": () => "na een “%” staan geen twee hexadecimale cijfers",
  "invalid-field-name": () => "de haken in de naam van een veld passen niet bij elkaar",
  "missing-variable": (name) => `${name} ontbreekt; elke gebeurtenis van dit type heeft die`,
  "invalid-variable": (name) => `${name} is niet wat het hoort te zijn`,
};

/** The command's own words; those of the checks are in the report. */
export const WORDS = {
  en: {
    verified: (profile) => `It verifies (profile ${profile}).`,
    refused: (profile, { fail, pass, skip }) =>
      `It does not verify (profile ${profile}): ${fail} ${fail === 1 ? "check fails" : "checks fail"}, ${pass} pass, ${skip} ${skip === 1 ? "is" : "are"} skipped.`,
    outcomes: { pass: "passed", fail: "failed", skip: "skipped" },
    bytes: (number) => `${number.toLocaleString("en")} ${number === 1 ? "byte" : "bytes"} of body`,
    causes: "What most likely happened",
    signingString: "The signing string, as rebuilt from the call",
    event: "The event",
    undecodable: (message) => `The body cannot be read: ${message}`,
    noneSigned: (number) => `none of its ${number} requests carries a signature`,
    cannotRead: ({ message }) => `it cannot be read: ${message}`,
    wrongArguments: ({ message }) => message,
    notOneOf: (name, allowed, value) => `--${name} is one of ${allowed}, not ${value}`,
    notNumber: (name, value) => `--${name} is a number, not ${value}`,
    noTime: (value) => `--now ${value} is no time: give an RFC 3339 date such as 2026-01-15T12:00:00Z, an HTTP date, Unix seconds, or "sent"`,
    undated: "--now sent: the call has no date that can be read",
    noKey: "no key is in it",
    notJson: (message) => `it is not JSON: ${message}`,
    noKeyList: 'a list of keys is expected in "keys" or "data"',
    noKeyEntry: (number) => `entry ${number} is neither a record nor a JWK`,
    noKeyLine: (line) => `line ${line} is no key: a line is a DKIM record, its name before it or not, or a secret`,
    openPem: "a PEM in it begins, but does not end",
    mistake: ({ message }) => message,
    decodeError: ({ message }) => message,
    needsSecret: "Standard Webhooks are verified with a secret (whsec_…) or a public key (whpk_…): put it in a file and give that with --keys",
    noFile: "name a file, or - for standard input",
  },
  nl: {
    verified: (profile) => `De aanroep klopt (profiel ${profile}).`,
    refused: (profile, { fail, pass, skip }) =>
      `De aanroep klopt niet (profiel ${profile}): ${fail} ${fail === 1 ? "controle faalt" : "controles falen"}, ${pass} ${pass === 1 ? "slaagt" : "slagen"}, ${skip} ${skip === 1 ? "is" : "zijn"} overgeslagen.`,
    outcomes: { pass: "geslaagd", fail: "gefaald", skip: "overgeslagen" },
    bytes: (number) => `body van ${number.toLocaleString("nl")} ${number === 1 ? "byte" : "bytes"}`,
    causes: "Wat er vermoedelijk is gebeurd",
    signingString: "De te ondertekenen tekst, zoals opgebouwd uit de aanroep",
    event: "De gebeurtenis",
    undecodable: (message) => `De body kan niet worden gelezen: ${message}`,
    noneSigned: (number) => `geen van de ${number} aanroepen erin heeft een handtekening`,
    cannotRead: ({ code, message }) => `het kan niet worden gelezen: ${UNREADABLE[code] ?? message}`,
    wrongArguments: ({ code, message }) => {
      const [, option = ""] = /'(?:-\w, )?([^' ]+)/.exec(message) ?? [];
      if (code === "ERR_PARSE_ARGS_UNKNOWN_OPTION") return `de optie ${option} bestaat niet`;
      return message.includes("does not take") ? `bij ${option} hoort geen waarde` : `bij ${option} hoort een waarde; begint die met een streepje, schrijf dan ${option}=…`;
    },
    notOneOf: (name, allowed, value) => `--${name} is een van ${allowed}, niet ${value}`,
    notNumber: (name, value) => `--${name} is een getal, niet ${value}`,
    noTime: (value) => `--now ${value} is geen tijdstip: geef een datum volgens RFC 3339 zoals 2026-01-15T12:00:00Z, een datum van HTTP, Unix-seconden, of "sent"`,
    undated: "--now sent: de aanroep heeft geen datum die kan worden gelezen",
    noKey: "er staat geen sleutel in",
    notJson: (message) => `het is geen JSON: ${message}`,
    noKeyList: 'in "keys" of "data" wordt een lijst van sleutels verwacht',
    noKeyEntry: (number) => `onderdeel ${number} is geen record en geen JWK`,
    noKeyLine: (line) => `regel ${line} is geen sleutel: een regel is een DKIM-record, met of zonder zijn naam ervoor, of een geheim`,
    openPem: "er begint een PEM in die niet eindigt",
    mistake: ({ code, message }) => MISTAKES[code] ?? message,
    decodeError: ({ code, variable, offset, message }) => {
      const words = UNDECODABLE[code]?.(variable) ?? message;
      return offset === undefined ? words : `${words} (byte ${offset})`;
    },
    needsSecret: "Standard Webhooks worden gecontroleerd met een geheim (whsec_…) of een publieke sleutel (whpk_…): zet die in een bestand en geef dat met --keys",
    noFile: "noem een bestand, of - voor de standaardinvoer",
  },
};
