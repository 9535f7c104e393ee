/** The types of events, as the documentation orders them. */
export const EVENT_TYPES = ["bounce", "failure", "click", "open", "delivery", "abuse", "profile"];

const BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

const bounce = `From: Mail Delivery System <MAILER-DAEMON@mx.example.net>
To: bounce-7f3a19@mail.example.com
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

Your message could not be delivered to one recipient.

<reader@example.net>: the mailbox is full

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; reader@example.net
Action: failed
Status: 5.2.2
Diagnostic-Code: smtp; 552 5.2.2 Mailbox full

--b1--
`.replaceAll("\n", "\r\n");

const complaint = `From: <complaints@example.net>
To: abuse@example.com
Subject: FW: Spring has come
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b1"

--b1
Content-Type: text/plain; charset=utf-8

This is an email abuse report for a message received from 192.0.2.10.

--b1
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Example-Feedback/1.0
Version: 1
Original-Rcpt-To: <reader@example.net>
Source-IP: 192.0.2.10

--b1
Content-Type: message/rfc822

From: news@example.com
To: reader@example.net
Subject: Spring has come
Message-ID: <7f3a19c2e5@mail.example.com>

Spring has come, and with it our offer.

--b1--
`.replaceAll("\n", "\r\n");

/** What each type has beside the variables that all have. */
const OWN = {
  bounce: { envelope: "bounce-7f3a19@mail.example.com", mime: bounce },
  failure: {
    action: "failed",
    state: "rcpt",
    code: "550",
    extended: "5.1.1",
    description: "The email account that you tried to reach does not exist",
  },
  click: { ip: "203.0.113.27", original: "https://shop.example.com/offer?item=41&size=m", useragent: BROWSER },
  open: { ip: "203.0.113.27", useragent: BROWSER },
  delivery: { code: "250", extended: "2.0.0", description: "Ok: queued as 4bGkX12Qz9z3x" },
  abuse: { emailfrom: "reader@example.net", mime: complaint },
  profile: { action: "update", fields: { firstname: "Zoë", newsletter: "yes" } },
};

/** A sample event of a type; of one that is not known, the variables that all have. See testing.d.ts. */
export function sampleEvent(type = "bounce", now) {
  return {
    id: "7f3a19c2e5",
    type,
    timestamp: new Date(now).toISOString().slice(0, 19).replace("T", " "),
    time: String(Math.floor(now / 1000)),
    recipient: "reader@example.net",
    ...(Object.hasOwn(OWN, type) ? structuredClone(OWN[type]) : {}),
    tags: ["newsletter", "spring"],
  };
}

/** An event as the body of a form, as the server writes one: what JSON leaves out is not there, `null` is nothing after the `=`. */
export function toForm(event) {
  const fields = [];
  const write = (path, value) => {
    if (Array.isArray(value)) {
      // A list within a list is numbered: `x[][]=a&x[][]=b` would not say which belongs to which.
      const plain = value.every((each) => typeof each !== "object" || each === null);
      value.forEach((each, index) => write([...path, plain ? "" : `${index}`], each));
    } else if (typeof value === "object" && value !== null) {
      for (const [key, each] of Object.entries(value)) write([...path, key], each);
    } else {
      fields.push(`${nameOf(path)}=${encoded(value === null ? "" : `${value}`)}`);
    }
  };
  for (const [name, value] of Object.entries(JSON.parse(JSON.stringify(event)))) write([name], value);
  return fields.join("&");
}

/** A name and the keys within it, with brackets percent-encoded; where a key has some of its own, those around the keys stand as they are. */
function nameOf([name, ...keys]) {
  const [open, close] = [name, ...keys].some((key) => /[[\]]/.test(key)) ? ["[", "]"] : ["%5B", "%5D"];
  return encoded(name) + keys.map((key) => open + encoded(key) + close).join("");
}

function encoded(text) {
  return new URLSearchParams([["", text]]).toString().slice(1).replaceAll("*", "%2A");
}
