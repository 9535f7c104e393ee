import { told } from "./told.mjs";

const { secretText, headers, body, end } = told();
const { Webhook } = await import("svix");
if (new Webhook(secretText).verify(body, headers).type !== "bounce") throw new Error("refused");
end();
