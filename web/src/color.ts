// Colors of altitude: the tokens' stops, with OKLab between them.
export const STOPS_FT = [0, 2000, 5000, 10000, 15000, 20000, 27000, 34000, 42000];
export type Rgb = [number, number, number];

const toLinear = (c: number) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
const toSrgb = (c: number) => (c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055);

/* #rrggbb to 0..1. */
export function parseHex(hex: string): Rgb {
    const n = parseInt(hex.trim().slice(1), 16);
    return [(n >> 16) / 255, ((n >> 8) & 255) / 255, (n & 255) / 255];
}

export function toOklab([r0, g0, b0]: Rgb): Rgb {
    const [r, g, b] = [toLinear(r0), toLinear(g0), toLinear(b0)];
    const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
    const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
    const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
    return [
        0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
    ];
}

export function fromOklab([L, a, b]: Rgb): Rgb {
    const l = (L + 0.3963377774 * a + 0.2158037573 * b) ** 3;
    const m = (L - 0.1055613458 * a - 0.0638541728 * b) ** 3;
    const s = (L - 0.0894841775 * a - 1.291485548 * b) ** 3;
    const clip = (c: number) => Math.min(1, Math.max(0, toSrgb(Math.max(0, c))));
    return [
        clip(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
        clip(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
        clip(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
    ];
}

const STEP_FT = 250;
const STEPS = STOPS_FT[STOPS_FT.length - 1] / STEP_FT + 1;

/* As four bytes of a vertex, the last of them (opacity) full. */
const packed = ([r, g, b]: Rgb) => ((255 << 24) | ((b * 255) << 16) | ((g * 255) << 8) | (r * 255)) >>> 0;

export class AltitudeRamp {
    private readonly table: Rgb[] = [];
    private readonly bytes = new Uint32Array(STEPS);
    readonly groundBytes: number;
    constructor(
        stops: Rgb[],
        readonly ground: Rgb,
    ) {
        this.groundBytes = packed(ground);
        const lab = stops.map(toOklab);
        for (let i = 0; i < STEPS; i++) {
            const ft = i * STEP_FT;
            let k = 0;
            while (k < STOPS_FT.length - 2 && ft >= STOPS_FT[k + 1]) k++;
            const t = (ft - STOPS_FT[k]) / (STOPS_FT[k + 1] - STOPS_FT[k]);
            const mix = [0, 1, 2].map((c) => lab[k][c] + (lab[k + 1][c] - lab[k][c]) * t) as Rgb;
            this.table.push(fromOklab(mix));
            this.bytes[i] = packed(this.table[i]);
        }
    }
    bytesAt(ft: number): number {
        const i = Math.round(ft / STEP_FT);
        return this.bytes[i < 0 ? 0 : i >= STEPS ? STEPS - 1 : i];
    }
    at(ft: number): Rgb {
        const i = Math.round(ft / STEP_FT);
        return this.table[i < 0 ? 0 : i >= STEPS ? STEPS - 1 : i];
    }
}

export const css = ([r, g, b]: Rgb) =>
    `rgb(${Math.round(r * 255)} ${Math.round(g * 255)} ${Math.round(b * 255)})`;
