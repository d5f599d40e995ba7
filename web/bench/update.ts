// What a picture of many moving aircraft costs the page, in processor time and without a browser:
//   cd web && npx vite-node bench/update.ts [AIRCRAFT] [PICTURES]
// decode: beside the page, in the worker; update: from the decoded columns into the page's; scene: where each stands
// on the screen, as the graphics processor takes it; table: its rows in order (by call sign, by altitude).
import { decode, type Decoded, type Told } from '../src/data/decoded';
import { Live } from '../src/data/live';
import { sky } from '../src/data/sky';
import { FIRST_SORT, NO_FILTER, rows, shownRows } from '../src/desk';
import { AltitudeRamp, STOPS_FT, type Rgb } from '../src/color';
import { Scene } from '../src/map/scene';
import type { Palette } from '../src/theme';
import { FLAG_ALIVE, FLAG_ALTITUDE, FLAG_POSITION, FLAG_SPEED, FLAG_TRACK, Picture, type PictureChange } from '../src/wire/picture';

const count = Number(process.argv[2] ?? 20000);
const pictures = Number(process.argv[3] ?? 60);

/* A picture in which everything moved. */
class Moving extends Picture {
    private round = 0;
    override apply(): PictureChange {
        const list = Array.from({ length: count }, (_, i) => i);
        if (this.round === 0) this.begin();
        const nowMs = 1.7e12 + this.round * 1000;
        for (let i = 0; i < count; i++) {
            this.lat[i] += (i % 41) - 20;
            this.lon[i] += (i % 37) - 18;
            this.altitude[i] += (i % 3) * 25 - 25;
            this.positionDs[i] = this.seenDs[i] = nowMs / 100;
        }
        const change = { snapshot: this.round === 0, seq: this.round, nowMs, changed: list, gone: [] };
        this.round++;
        return change as unknown as PictureChange;
    }
    private begin(): void {
        const columns = this as unknown as Record<string, { [i: number]: number | string; length: number }>;
        for (const [name, of] of Object.entries(columns))
            if (ArrayBuffer.isView(of)) columns[name] = new (of.constructor as unknown as new (n: number) => Float64Array)(count);
        for (let i = 0; i < count; i++) {
            this.address[i] = 0x300000 + i;
            this.flags[i] = FLAG_ALIVE | FLAG_POSITION | FLAG_ALTITUDE | FLAG_SPEED | FLAG_TRACK;
            this.lat[i] = 2_000_000 + ((i * 7919) % 4_000_000);
            this.lon[i] = -2_000_000 + ((i * 104_729) % 6_000_000);
            this.altitude[i] = (i % 400) * 100;
            this.speed[i] = 200 + (i % 300);
            this.track[i] = i % 360;
            this.flight[i] = `TST${i}`;
            this.type[i] = i % 3 ? 'A320' : 'C17';
            this.registration[i] = this.country[i] = '';
        }
    }
}

const stops = STOPS_FT.map((_, i): Rgb => [i / 10, 0.5, 0.5]);
const palette = { ramp: new AltitudeRamp(stops, [0.5, 0.5, 0.5]) } as Palette;
const view = { x: 0.52, y: 0.4, world: 512 * 2 ** 3.4, width: 800, height: 700, zoom: 3.4 };

const times: Record<string, number[]> = {};
function timed<T>(what: string, work: () => T): T {
    const from = process.cpuUsage();
    const result = work();
    const { user, system } = process.cpuUsage(from);
    (times[what] ??= []).push((user + system) / 1000);
    return result;
}

const picture = new Moving();
const told: Told = [];
const live = new Live() as unknown as { apply: (d: Decoded) => void };
const scene = new Scene();
for (let i = 0; i < pictures; i++) {
    const decoded = timed('decode', () => decode(picture, new Uint8Array(0), told));
    timed('update', () => live.apply(decoded));
    const now = decoded.is.nowMs / 1000 + 0.5;
    timed('scene', () => scene.fill(view, { now, reckonLimit: 15, selected: null, hovered: null, shown: shownRows(), palette, edge: 0 }));
    timed('table', () => rows(NO_FILTER, FIRST_SORT, null, now));
    timed('by_altitude', () => rows(NO_FILTER, { column: 'alt', down: true }, null, now));
    rows(NO_FILTER, FIRST_SORT, null, now);
}
console.log(`aircraft ${sky.aircraft.size}, in view ${scene.spotCount}, ${pictures} pictures, processor time`);
for (const [what, all] of Object.entries(times)) {
    const ms = all.slice(10).sort((p, q) => p - q);
    console.log(`${what}_ms median ${ms[ms.length >> 1].toFixed(2)} p95 ${ms[Math.floor(ms.length * 0.95)].toFixed(2)}`);
}
process.exit(0);
