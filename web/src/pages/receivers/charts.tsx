// Pictures of one receiver: figures over time on one axis, how far it hears by direction and height, and how
// strong what it hears is.
import { distance, grouped, zTime, altitude, isolated } from '../../format';
import { t } from '../../words';
import { said } from '../operation/charts';
import { path, steps } from '../operation/axis';
import { outlines, seriesOf, type Minutes, type Range } from './model';

const LEFT = 54;
const RIGHT = 12;
const HIGH = 96;
const HOURS_S = [600, 1800, 3600, 10_800, 21_600];
const TICK_PX = 70;

interface LinesProps {
    minutes: Minutes;
    columns: string[]; // the first strong, the second dashed
    width: number;
    title: string;
    unit: string;
    scale?: number;
    fromZero?: boolean;
}

export function Lines({ minutes: m, columns, width, title, unit, scale = 1, fromZero = true }: LinesProps) {
    const all = columns.map((c) => seriesOf(m, c).map((line) => line.map(([at, v]): [number, number] => [at, v * scale])));
    const values = all.flat(2).map(([, v]) => v);
    const ts = all.flat(2).map(([at]) => at);
    if (values.length < 2) return null;
    const [from, to] = [Math.min(...ts), Math.max(...ts, Math.min(...ts) + 600)];
    const [lo, hi] = [fromZero ? 0 : Math.floor(Math.min(...values) / 5) * 5, fromZero ? Math.max(...values, 1) : Math.ceil(Math.max(...values) / 5) * 5];
    const x = (at: number) => LEFT + ((at - from) / (to - from)) * (width - LEFT - RIGHT);
    const y = (v: number) => HIGH - 18 - ((v - lo) / (hi - lo || 1)) * (HIGH - 30);
    const step = HOURS_S.find((s) => (s / (to - from)) * (width - LEFT) >= TICK_PX) ?? 43_200;
    const ticks = [];
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) ticks.push(at);
    const upright = (fromZero ? steps(hi, 3) : [lo, (lo + hi) / 2, hi]).filter((v) => Number.isInteger(v));
    const last = all[0][all[0].length - 1]?.slice(-1)[0]?.[1];
    return (
        <figure class="lines">
            <figcaption>{title} <span class="mut">{unit}</span></figcaption>
            <svg class="chart" width={width} height={HIGH} viewBox={`0 0 ${width} ${HIGH}`} role="img" aria-label={t('receivers.lineLabel', title, last === undefined ? '–' : isolated(grouped(last)), isolated(grouped(Math.max(...values))))}>
                {upright.map((v) => <g key={v}><path class="grid" d={`M${LEFT} ${y(v)}H${width - RIGHT}`} /><text class="ax" x={LEFT - 6} y={y(v) + 4} text-anchor="end">{grouped(v)}</text></g>)}
                {ticks.map((at) => <text class="ax" key={at} x={x(at)} y={HIGH - 3} text-anchor="middle">{zTime(at, false)}</text>)}
                {all.map((lines, i) => lines.map((line) => <path key={`${i}${line[0][0]}`} class={i ? 'mid ahead' : 'mid past'} d={line.length > 1 ? path(line.map(([at, v]) => [x(at), y(v)])) : `M${x(line[0][0])} ${y(line[0][1])}h1`} />))}
            </svg>
        </figure>
    );
}

const bandText = (r: Range, i: number) => (i === 0 ? t('receivers.below', altitude(r.bands_ft[0]).join(' ')) : i < r.bands_ft.length ? t('receivers.between', altitude(r.bands_ft[i - 1]).join(' '), altitude(r.bands_ft[i]).join(' ')) : t('receivers.above', altitude(r.bands_ft[i - 1]).join(' ')));

/* North is up. The outer lines are of the greater heights; fill and legend say which. */
export function RangeRose({ range, width }: { range: Range; width: number }) {
    const lists = outlines(range);
    const most = Math.max(...lists[lists.length - 1], 1);
    const size = Math.min(360, width);
    const c = size / 2;
    const k = (c - 20) / most;
    const n = range.sectors;
    const point = (i: number, d: number) => {
        const a = (i / n) * 2 * Math.PI;
        return `${(c + Math.sin(a) * d * k).toFixed(1)} ${(c - Math.cos(a) * d * k).toFixed(1)}`;
    };
    const outline = (list: number[]) => list.map((d, i) => `${i ? 'L' : 'M'}${point(i, d)}L${point(i + 1, d)}`).join('') + 'Z';
    const [, unit] = distance(most);
    const perUnit = most / Number(distance(most)[0].replace(/[^\d.]/g, '') || 1);
    const rings = steps(most / perUnit, 3).slice(1);
    return (
        <div class="rose">
            <svg class="chart" width={size} height={size} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t('receivers.roseLabel', isolated(distance(most).join(' ')))}>
                {[...lists].map((list, i) => ({ list, i })).reverse().map(({ list, i }) => <path key={i} class={`rose-band b${i}`} d={outline(list)} />)}
                {rings.map((v) => <g key={v}><circle class="ring" cx={c} cy={c} r={v * perUnit * k} /><text class="ax" x={c + 3} y={c - v * perUnit * k - 3}>{said(`${grouped(v)} ${unit}`)}</text></g>)}
                <path class="grid strong" d={`M${c} 16V${size - 16}M16 ${c}H${size - 16}`} />
                <text class="ax ink" x={c} y={11} text-anchor="middle">{t('picture.north')}</text>
            </svg>
            <ul class="rosekeys">{lists.map((_, i) => <li key={i}><i class={`rose-band b${i}`} /><bdi>{bandText(range, i)}</bdi> <bdi class="mut">{Math.max(...range.m[i]) > 0 ? distance(Math.max(...range.m[i])).join(' ') : t('receivers.nothing')}</bdi></li>)}</ul>
        </div>
    );
}

export function Levels({ levels, width }: { levels: { step_db: number; counts: number[] }; width: number }) {
    const most = Math.max(...levels.counts, 1);
    const wide = (width - LEFT - RIGHT) / levels.counts.length;
    const y = (v: number) => HIGH - 18 - (v / most) * (HIGH - 30);
    /* The strongest stand on the right, as on a meter. */
    const x = (i: number) => width - RIGHT - (i + 1) * wide;
    return (
        <svg class="chart" width={width} height={HIGH} viewBox={`0 0 ${width} ${HIGH}`} role="img" aria-label={t('receivers.levelsLabel')}>
            {steps(most, 2).map((v) => <g key={v}><path class="grid" d={`M${LEFT} ${y(v)}H${width - RIGHT}`} /><text class="ax" x={LEFT - 6} y={y(v) + 4} text-anchor="end">{grouped(v)}</text></g>)}
            {levels.counts.map((n, i) => <rect key={i} class="observed" x={x(i) + 1} y={y(n)} width={Math.max(1, wide - 2)} height={Math.max(0, HIGH - 18 - y(n))}><title>{`${-i * levels.step_db} … ${-(i + 1) * levels.step_db} dBFS: ${grouped(n)}`}</title></rect>)}
            {levels.counts.map((_, i) => (i % 4 === 0 ? <text class="ax" key={i} x={x(i) + wide} y={HIGH - 3} text-anchor={i ? 'middle' : 'end'}>{`${i ? '−' : ''}${i * levels.step_db}`}</text> : null))}
        </svg>
    );
}
