// What the clocks themselves take.
import { told } from "./told.mjs";

const { end } = told();
end();
