// The axis of time that charts of a page share: left is earlier in every language.
import { dateText, dayMonth } from '../../format';

const DAY_S = 86_400;
export const CHART_LEFT = 50;
export const CHART_RIGHT = 14;
const TICK_PX = 46;
const LABEL_PX = 58;

export interface Axis {
    from: number;
    to: number;
    width: number; // of the whole chart
    x: (t: number) => number;
}

export function axisOf(from: number, to: number, width: number): Axis {
    const inner = Math.max(80, width - CHART_LEFT - CHART_RIGHT);
    return { from, to, width, x: (t) => CHART_LEFT + ((t - from) / (to - from)) * inner };
}

export interface Tick {
    x: number;
    text: string;
    isMonth: boolean;
}

/* The first of each month by name, and of its days as many as there is room for. */
export function ticks(a: Axis): Tick[] {
    const perDay = a.x(a.from + DAY_S) - a.x(a.from);
    const days = [1, 7, 14].find((n) => n * perDay >= TICK_PX);
    const list: Tick[] = [];
    for (let t = Math.ceil(a.from / DAY_S) * DAY_S; t <= a.to; t += DAY_S) {
        const d = new Date(t * 1000).getUTCDate();
        const isWanted = d === 1 || (days === 1 ? true : days === 7 ? d === 8 || d === 15 || d === 22 : days === 14 ? d === 15 : false);
        if (isWanted) list.push({ x: a.x(t), text: d === 1 ? dayMonth(t) : dateText(t, { day: 'numeric' }), isMonth: d === 1 });
    }
    const first = list[0];
    if (first && !first.isMonth) first.text = dayMonth(a.from + (first.x - CHART_LEFT) / perDay * DAY_S);
    return list.filter((k, i) => k.isMonth || !list.some((m, j) => m.isMonth && j !== i && Math.abs(m.x - k.x) < LABEL_PX * 0.7));
}

/* Round steps of an upright axis: about so many. */
export function steps(most: number, about: number): number[] {
    if (!(most > 0)) return [0];
    const raw = most / about;
    const power = 10 ** Math.floor(Math.log10(raw));
    const step = ([1, 2, 5, 10].find((k) => k * power >= raw) ?? 10) * power;
    const list = [];
    for (let v = 0; v <= most + 1e-9; v += step) list.push(v);
    return list;
}

/* A line through the points; steps where values hold for a day. */
export const path = (points: [number, number][]) => points.map(([x, y], i) => `${i ? 'L' : 'M'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');

/* The area between two lines over the same places. */
export function between(x: number[], low: number[], high: number[]): string {
    const up = x.map((v, i): [number, number] => [v, low[i]]);
    const back = x.map((v, i): [number, number] => [v, high[i]]).reverse();
    return `${path([...up, ...back])}Z`;
}
