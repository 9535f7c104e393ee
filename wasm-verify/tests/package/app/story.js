/** What every bundle of the package must be able to do; the answers are compared with those of the package unbundled. */
import { Verifier } from "seinpost-verify";
import { webhook } from "seinpost-verify/fetch";
import { printRaw, readRaw } from "seinpost-verify/requests";
import { EVENT_TYPES, signedCall, signedRequest, spoilsOf, verifierOptions } from "seinpost-verify/testing";

export async function story() {
  const told = [];
  for (const profile of ["cavage", "standard", "rfc9421"]) {
    for (const type of EVENT_TYPES) {
      const report = await new Verifier(verifierOptions({ profile })).verify(readRaw(printRaw(signedCall({ profile, type }))));
      told.push(`${profile} ${type}: ${report.ok ? report.event.type : report}`);
    }
    for (const { name } of spoilsOf(profile)) {
      const report = await new Verifier(verifierOptions({ profile })).verify(signedCall({ profile, spoil: name }));
      told.push(`${profile} ${name}: ${report.failed.map((check) => check.name)}`);
    }
  }
  const POST = webhook(new Verifier(verifierOptions({ profile: "standard" })), (event) => told.push(event.type));
  const { status } = await POST(new Request(...signedRequest({ profile: "standard" })));
  told.push(String(status));
  return told;
}
