// Whose type is what, of a scenario and its truth, as own.csv has it: types.mjs SCENARIO TRUTH. Narrow
// airliners become C172, so that the air is full of a type whose name begins as the C17's.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [scenario, truth] = process.argv.slice(2);
const NARROW = ['A320', 'B738', 'A319', 'A20N'];

function rows(file) {
    const [head, ...lines] = readFileSync(file, 'utf8').split('\n').filter((l) => l && !l.startsWith('#'));
    const columns = head.split(',');
    return lines.map((l) => Object.fromEntries(l.split(',').map((v, i) => [columns[i], v])));
}
const types = new Map();
for (const r of rows(join(truth, 'movements.csv'))) types.set(r.icao24, NARROW.includes(r.type) ? 'C172' : r.type);
for (const file of ['legs.csv', 'sorties.csv']) for (const r of rows(join(scenario, file))) types.set(r.icao24, r.type);
console.log(['icao24,typecode', ...[...types].filter(([hex, type]) => /^[0-9a-f]{6}$/.test(hex) && type).map((p) => p.join(','))].join('\n'));
