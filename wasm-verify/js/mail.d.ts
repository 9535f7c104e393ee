/** What a mail that came back is. */
export type Kind = "hard" | "soft" | "auto-reply" | "complaint" | "not-a-bounce" | "unknown";

/** Why a recipient did not get a mail; the last four are no bounces. */
export type Reason =
  | "no-such-user" | "address-moved" | "mailbox-disabled" | "refused-by-recipient" | "suppressed"
  | "mailbox-full" | "server-full" | "message-too-large"
  | "no-such-domain" | "domain-takes-no-mail"
  | "sender-rejected" | "auth-failed" | "no-reverse-dns" | "relay-denied" | "not-compliant" | "ip-blocked"
  | "bad-reputation" | "rate-limited" | "policy" | "spam-content" | "virus" | "content-rejected" | "tls-required"
  | "expired" | "network-error" | "server-error"
  | "unknown"
  | "auto-reply" | "complaint" | "delivered" | "unsubscribe";

/** What a mail says of one recipient. What is not known is null. (A type, not an interface: it is a value in an event, too.) */
export type Recipient = {
  address: string;
  /** Another address of the same recipient. */
  alias: string | null;
  /** The enhanced status code, `5.1.1`, only where the mail states one. */
  status: string | null;
  /** The SMTP reply code, only where the mail states one. */
  code: number | null;
  reason: Reason;
  action: "failed" | "delayed" | "delivered" | "relayed" | "expanded" | null;
  /** The words of the server that refused it. */
  diagnostic: string | null;
  remoteMta: string | null;
  /** The rule that the reason rests on, and the bytes of the mail that it read; both 0 where it read none. */
  evidence: { rule: string; start: number; end: number };
};

/** What a mail that came back means. */
export type Diagnosis = {
  kind: Kind;
  /** The mail is late, not refused: the server still tries, or its time ran out. */
  delayed: boolean;
  /** Every recipient's failure is for good by its status, whatever the kind. */
  permanent: boolean;
  recipients: Recipient[];
  original: { messageId: string | null; from: string | null; subject: string | null; date: string | null } | null;
  autoReply: "vacation" | "challenge" | "receipt" | null;
  feedback: { type: string | null; userAgent: string | null; sourceIp: string | null; arrivalDate: string | null } | null;
  reportingMta: string | null;
  /** What a sender does now, in a sentence. */
  advice: string;
};

/** Says why a mail came back. Never throws for what stands in a mail. */
export function diagnose(mime: Uint8Array | string, options?: { lang?: "en" | "nl" }): Diagnosis;
