// Ten events as they happen: two are sent to webhooks that ask for forms, one has tags that are not ASCII.

const time = Math.floor(Date.now() / 1000);
const timestamp = new Date(time * 1000).toISOString().slice(0, 19).replace("T", " ");
const when = { timestamp, time: String(time) };

/** A delivery status notification (RFC 3464) as Postfix writes one. */
const DSN = [
  "Return-Path: <>",
  "Received: by mx1.example.net (Postfix) id 4bQz7M1q2Xz9; Tue, 25 Nov 2025 13:05:41 +0000 (UTC)",
  "Date: Tue, 25 Nov 2025 13:05:41 +0000 (UTC)",
  "From: MAILER-DAEMON@mx1.example.net (Mail Delivery System)",
  "Subject: Undelivered Mail Returned to Sender",
  "To: bounce-91c4e7@mail.example.com",
  "Auto-Submitted: auto-replied",
  "MIME-Version: 1.0",
  'Content-Type: multipart/report; report-type=delivery-status; boundary="4bQz7M1q2Xz9.1764075941/mx1.example.net"',
  "Content-Transfer-Encoding: 8bit",
  "Message-Id: <20251125130541.4bQz7M1q2Xz9@mx1.example.net>",
  "",
  "This is a MIME-encapsulated message.",
  "",
  "--4bQz7M1q2Xz9.1764075941/mx1.example.net",
  "Content-Description: Notification",
  "Content-Type: text/plain; charset=utf-8",
  "Content-Transfer-Encoding: 8bit",
  "",
  "This is the mail system at host mx1.example.net.",
  "",
  "I'm sorry to have to inform you that your message could not",
  "be delivered to one or more recipients. It's attached below.",
  "",
  "<zoë@example.net>: host mail.example.net[192.0.2.25] said: 552 5.2.2 Postvak vol",
  "    – quota overschreden (in reply to RCPT TO command)",
  "",
  "--4bQz7M1q2Xz9.1764075941/mx1.example.net",
  "Content-Description: Delivery report",
  "Content-Type: message/delivery-status",
  "",
  "Reporting-MTA: dns; mx1.example.net",
  "X-Postfix-Queue-ID: 4bQz7M1q2Xz9",
  "X-Postfix-Sender: rfc822; bounce-91c4e7@mail.example.com",
  "Arrival-Date: Tue, 25 Nov 2025 13:05:39 +0000 (UTC)",
  "",
  "Final-Recipient: rfc822; zoe@example.net",
  "Original-Recipient: rfc822;zoe@example.net",
  "Action: failed",
  "Status: 5.2.2",
  "Remote-MTA: dns; mail.example.net",
  "Diagnostic-Code: smtp; 552 5.2.2 Postvak vol",
  "",
  "--4bQz7M1q2Xz9.1764075941/mx1.example.net",
  "Content-Description: Undelivered Message Headers",
  "Content-Type: text/rfc822-headers",
  "Content-Transfer-Encoding: 8bit",
  "",
  "From: Example News <news@example.com>",
  "To: =?utf-8?Q?Zo=C3=AB?= <zoe@example.net>",
  "Subject: =?utf-8?B?SGV0IG5pZXV3cyB2YW4gZGUgd2Vlaw==?=",
  "Message-ID: <91c4e7d2aa@mail.example.com>",
  "\tfolded with a tab",
  "",
  "--4bQz7M1q2Xz9.1764075941/mx1.example.net--",
  "",
].join("\r\n");

/** An automatic reply, in no standard format but its own. */
const OUT_OF_OFFICE = [
  "From: Bram <bram@example.org>",
  "To: bounce-91c4e8@mail.example.com",
  "Subject: Automatisch antwoord: Het nieuws van de week",
  "Auto-Submitted: auto-replied",
  "Content-Type: text/plain; charset=iso-8859-1",
  "Content-Transfer-Encoding: quoted-printable",
  "",
  "Ik ben er even niet. Op maandag weer wel =96 tot dan!",
  "",
].join("\r\n");

/** A complaint (RFC 5965). */
const COMPLAINT = [
  "From: <abuse@example.net>",
  "Date: Tue, 25 Nov 2025 13:07:02 +0000",
  "Subject: FW: Earn from home",
  "To: <fbl@mail.example.com>",
  "MIME-Version: 1.0",
  'Content-Type: multipart/report; report-type=feedback-report; boundary="part1_13d.2e68ed54_boundary"',
  "",
  "--part1_13d.2e68ed54_boundary",
  'Content-Type: text/plain; charset="US-ASCII"',
  "",
  "This is an email abuse report for an email message received from IP 192.0.2.1.",
  "",
  "--part1_13d.2e68ed54_boundary",
  "Content-Type: message/feedback-report",
  "",
  "Feedback-Type: abuse",
  "User-Agent: SomeGenerator/1.0",
  "Version: 1",
  "Original-Rcpt-To: <anna@example.net>",
  "",
  "--part1_13d.2e68ed54_boundary--",
  "",
].join("\r\n");

/**
 * The events: the text that is handed in, and the format that its webhook asks for. Texts and not objects, for what is
 * written in them must arrive as it is written.
 */
export const EVENTS = [
  { type: "bounce", format: "json", variables: { id: "91c4e7d2aa", type: "bounce", ...when, recipient: "zoe@example.net", envelope: "bounce-91c4e7@mail.example.com", mime: DSN, tags: ["newsletter"] } },
  { type: "failure", format: "json", variables: { id: "91c4e7d2ab", type: "failure", ...when, recipient: "nobody@example.net", action: "failed", state: "rcpt", code: "550", extended: "5.1.1", description: "No such user \"nobody\" \\ here\u0000\u0007", tags: [] } },
  { type: "click", format: "form", variables: { id: "91c4e7d2ac", type: "click", ...when, recipient: "user+tag@example.com", ip: "2001:db8::1", original: "https://shop.example.com/a%20b?x=1&y=2+2#top", useragent: "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", tags: ["a", "b & c"] } },
  { type: "open", format: "json", variables: { id: "91c4e7d2ad", type: "open", ...when, recipient: "anna@example.net", ip: "203.0.113.9", referer: "", tags: ["newsletter"] } },
  { type: "delivery", format: "form", variables: { id: "91c4e7d2ae", type: "delivery", ...when, recipient: "anna@example.net", code: "250", extended: "2.0.0", description: "Ok: queued as 4bGkX12Qz9z3x = 100%", tags: ["newsletter", "spring"] } },
  { type: "abuse", format: "json", variables: { id: "91c4e7d2af", type: "abuse", ...when, recipient: "anna@example.net", emailfrom: "abuse@example.net", mime: COMPLAINT, tags: ["newsletter"] } },
  { type: "profile", format: "json", variables: { id: "91c4e7d2b0", type: "profile", ...when, recipient: "zoe@example.net", action: "update", fields: { firstname: "Zoë", "last name": "de Vries-Müller", newsletter: "yes" }, tags: ["crm"] } },
  { type: "failure", format: "json", variables: { id: "91c4e7d2b1", type: "failure", ...when, recipient: "χρήστης@example.gr", action: "failed", state: "data", code: "554", extended: "5.7.1", description: "Отклонено 拒否 \u{1f4ec}", tags: ["zomer-é", "日本語", "\u{1f389}", "نشرة"] } },
  { type: "bounce", format: "json", variables: { id: "91c4e7d2b2", type: "bounce", ...when, recipient: "bram@example.org", envelope: "bounce-91c4e8@mail.example.com", mime: OUT_OF_OFFICE, tags: ["newsletter", "week 48"] } },
  // Variables that nobody knows, with numbers that no double holds.
  { type: "open", format: "json", text: `{"id":"91c4e7d2b3", "type":"open", "timestamp":"${timestamp}", "time":"${time}",  "recipient":"eve@example.org","ip":"203.0.113.10","tags":["x"], "sequence":9007199254740993, "weight":1.10,"nested":{"b":[1,null,true],"a":"\\u00e9\\/"}}` },
].map((event) => ({ ...event, text: event.text ?? JSON.stringify(event.variables) }));
