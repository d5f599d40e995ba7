// Cells of a day in which many aircraft knew their place badly: the ledger's, hatched by how likely it is.
import { ask } from '../../data/ask';
import { hasHistory, instant, past } from '../../data/past';
import { sky } from '../../data/sky';
import { layers } from '../../layers';
import { destination, type LatLon } from '../../geo/greatcircle';
import { theMap } from '../../stage';
import { trace, type Canvas } from './index';

interface Cell {
    lat: number;
    lon: number;
    p: number;
    fixes: number;
    turns: number;
    size_m: number;
}
const DAY_S = 86_400;
const AGAIN_MS = 300_000;
const CELL_M = 20_000; // half of its width
const CORNERS = 6;

let cells: Cell[] = [];
let asked = '';
let askedAt = -Infinity;

async function askDay(day: number): Promise<void> {
    const time = (s: number) => new Date(s * 1000).toISOString().slice(0, 10);
    try {
        const answer = await ask<{ events: Cell[] }>(`api/v1/events?kind=jamming&p=0.5&from=${time(day)}&to=${time(day + DAY_S)}&limit=2000`);
        cells = answer.events;
        theMap()?.map.triggerRepaint();
    } catch {
        cells = []; // no ledger here, or nothing known of the day
    }
}

function keepAsked(): void {
    const now = instant();
    if (now !== now || !(hasHistory.get() || past.get())) return;
    const day = Math.floor(now / DAY_S) * DAY_S;
    if (asked === String(day) && performance.now() - askedAt < AGAIN_MS) return;
    asked = String(day);
    askedAt = performance.now();
    void askDay(day);
}

export function jamming(to: Canvas): void {
    if (!layers.get().includes('jamming') || !sky.clock.known) return;
    keepAsked();
    const { c, palette } = to;
    const color = palette.token('trust-suspect');
    for (const cell of cells) {
        const middle: LatLon = [cell.lat, cell.lon];
        trace(to, Array.from({ length: CORNERS }, (_, i) => destination(middle, 30 + i * 60, cell.size_m > 0 ? cell.size_m / 2 : CELL_M)), true);
        c.globalAlpha = 0.12 + 0.28 * cell.p;
        c.fillStyle = color;
        c.fill();
        c.globalAlpha = 1;
        c.strokeStyle = color;
        c.lineWidth = 1;
        c.stroke();
    }
}
