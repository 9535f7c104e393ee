#!/usr/bin/env node
import { main as diagnose } from "../command/diagnose.js";
import { main } from "../command/main.js";

const [first, ...rest] = process.argv.slice(2);
process.exitCode = first === "diagnose" ? diagnose(rest, process) : await main(process.argv.slice(2), process);
