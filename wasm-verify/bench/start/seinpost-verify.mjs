import { told } from "./told.mjs";

const { secretText, headers, body, end } = told();
const { Verifier } = await import(process.env.ENTRY);
const verifier = new Verifier({ profile: "standard", secret: secretText });
if (!(await verifier.verify({ headers, body })).ok) throw new Error("refused");
end();
