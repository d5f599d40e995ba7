// Lift offered by day and how well the place was heard, one above the other on one axis of days, so that
// a low day can be read against hearing. Time runs left to right in every language.
import type { Heard } from '../data/coverage';
import { timeOf, rowBand, type LedgerRow } from '../data/ledger';
import { dateText, dayMonth, grouped } from '../format';
import { DAY_S } from '../period';
import { t } from '../words';
import { useWidth } from '../ui/width';
import { FigureButtons } from './figurebuttons';
import { isPossible, type Bin } from './place_days';
import { tons } from './ledger_parts';

const LEFT = 44;
const RIGHT = 8;
const LIFT_H = 150;
const HOURS_H = 70;
const HOURS_TOP = 9;
const TOP = 16;
const BOTTOM = 22;
const STEPS_T = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000];
const LABEL_PX = 26;

const dayLabel = (at: number, isFirst: boolean) => (isFirst ? dayMonth(at) : dateText(at, { day: 'numeric' }));

/* Hatching where nothing was heard; one id a page is enough. */
export const Hatch = () => (
    <svg width="0" height="0" class="defs" aria-hidden="true">
        <defs><pattern id="nobody" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0V6" stroke="var(--line-strong)" stroke-width="1" /></pattern></defs>
    </svg>
);

function Axis({ bins, x, w, y }: { bins: Bin[]; x: (i: number) => number; w: number; y: number }) {
    const every = Math.max(1, Math.ceil(LABEL_PX / w));
    return <>{bins.map((b, i) => i % every === 0 && <text key={b.from} class="ax" x={x(i) + w / 2} y={y} text-anchor="middle">{dayLabel(b.from, i === 0 && w > 44)}</text>)}</>;
}

function Lift({ bins, width }: { bins: Bin[]; width: number }) {
    const most = Math.max(1000, ...bins.map((b) => b.maxKg));
    const step = (STEPS_T.find((s) => (most / 1000) * 1.1 <= s * 5) ?? 50_000) * 1000;
    const ceiling = Math.ceil((most * 1.1) / step) * step;
    const w = (width - LEFT - RIGHT) / bins.length;
    const x = (i: number) => LEFT + i * w;
    const y = (kg: number) => LIFT_H - BOTTOM - (kg / ceiling) * (LIFT_H - BOTTOM - TOP);
    const inner = Math.max(1, Math.min(10, w / 6));
    return (
        <svg class="plot" width={width} height={LIFT_H} direction="ltr" role="img" aria-label={t('place.liftOf', tons(bins.reduce((s, b) => s + b.planKg, 0)))}>
            {Array.from({ length: Math.round(ceiling / step) + 1 }, (_, k) => (
                <g key={k}>
                    <path d={`M${LEFT} ${y(k * step)}H${width - RIGHT}`} stroke="var(--line)" />
                    <text class="ax" x={LEFT - 6} y={y(k * step) + 4} text-anchor="end">{grouped((k * step) / 1000)}</text>
                </g>
            ))}
            {bins.map((b, i) => (
                <g key={b.from}>
                    <title>{`${dayMonth(b.from)}: ${tons(b.lowKg)} – ${tons(b.planKg)} – ${tons(b.maxKg)} t`}</title>
                    {b.maxKg > 0 && <>
                        <rect x={x(i) + inner} y={y(b.maxKg)} width={w - 2 * inner} height={y(b.lowKg) - y(b.maxKg)} fill="var(--ink)" fill-opacity=".16" />
                        <rect x={x(i) + inner} y={y(b.lowKg)} width={w - 2 * inner} height={y(0) - y(b.lowKg)} fill="var(--ink-2)" fill-opacity=".8" />
                        <path d={`M${x(i) + inner / 2} ${y(b.planKg)}h${w - inner}`} stroke="var(--ink)" stroke-width="2.2" />
                    </>}
                    {w > 20 && <text class="ax ink" x={x(i) + w / 2} y={y(b.maxKg) - 5} text-anchor="middle">{grouped(b.planKg / 1000)}</text>}
                </g>
            ))}
            <Axis bins={bins} x={x} w={w} y={LIFT_H - 6} />
        </svg>
    );
}

const OPACITY = { low: 0.85, high: 0.3 };

function Hours({ bins, hours, events, width }: { bins: Bin[]; hours: Map<number, Heard>; events: LedgerRow[]; width: number }) {
    const w = (width - LEFT - RIGHT) / bins.length;
    const x = (i: number) => LEFT + i * w;
    const tall = HOURS_H - 2 * HOURS_TOP;
    const cell = tall / 24;
    return (
        <svg class="plot" width={width} height={HOURS_H} direction="ltr" role="img" aria-label={t('place.hoursOf')}>
            {[0, 12, 24].map((h) => <text key={h} class="ax" x={LEFT - 6} y={HOURS_TOP + 4 + h * cell} text-anchor="end">{String(h).padStart(2, '0')}Z</text>)}
            {bins.map((b, i) => (
                <g key={b.from}>
                    <rect x={x(i) + 1} y={HOURS_TOP} width={Math.max(1, w - 2)} height={tall} fill="url(#nobody)" stroke="var(--line)" />
                    {Array.from({ length: 24 }, (_, h) => {
                        const heard = hours.get(b.from / 3600 + h) ?? 'unknown';
                        if (heard === 'unknown') return null;
                        const at = { x: x(i) + 1, y: HOURS_TOP + h * cell, width: Math.max(1, w - 2), height: cell + 0.3 };
                        return <g key={h}><rect {...at} fill="var(--surface)" />{heard !== 'missed' && <rect {...at} fill="var(--accent)" fill-opacity={OPACITY[heard]} />}</g>;
                    })}
                </g>
            ))}
            {events.filter(isPossible).map((r) => {
                const at = timeOf(r);
                const i = bins.findIndex((b) => at >= b.from && at < b.to);
                if (i < 0) return null;
                const isObserved = rowBand(r) === 'observed';
                return <circle key={`${r.hex} ${r.row} ${r.p}`} cx={x(i) + w / 2} cy={HOURS_TOP + (((at % DAY_S) / 3600) * cell)} r="2.7" fill={isObserved ? 'var(--ink)' : 'var(--surface)'} stroke={isObserved ? 'var(--surface)' : 'var(--ink)'} stroke-width="1.2" />;
            })}
        </svg>
    );
}

const Key = ({ kind, text }: { kind: string; text: string }) => <span><i class={`key ${kind}`} />{text}</span>;

export function DayCharts({ bins, hours, events, editions }: { bins: Bin[]; hours: Map<number, Heard> | null; events: LedgerRow[]; editions: string[] }) {
    const [box, width] = useWidth();
    const isByDay = bins.every((b) => b.to - b.from === DAY_S);
    return (
        <section class="card">
            <div class="cardhead"><h2>{t('place.lift')}</h2><span class="mut sm">{t('place.liftUnit')}</span><span class="keys"><Key kind="low" text={t('place.low')} /><Key kind="plan" text={t('place.plan')} /><Key kind="max" text={t('place.max')} /></span><span class="cardacts"><FigureButtons name="lift" /></span></div>
            <div class="plots"><div ref={box}>{width > 0 && <Lift bins={bins} width={width} />}</div></div>
            <p class="mut sm">{t('place.liftNote')} {editions.map((e) => <bdi key={e}>{e}. </bdi>)}</p>
            {hours && isByDay && (
                <>
                    <div class="cardhead next"><h3>{t('place.hearing')}</h3><span class="mut sm">{t('place.hoursUtc')}</span><span class="keys"><Key kind="heard" text={t('place.heardLow')} /><Key kind="high" text={t('place.heardHigh')} /><Key kind="missed" text={t('place.missed')} /><Key kind="unheard" text={t('place.unheard')} /><Key kind="dot" text={t('sure.observed')} /><Key kind="ring" text={t('sure.inferred')} /></span></div>
                    <div class="plots">{width > 0 && <Hours bins={bins} hours={hours} events={events} width={width} />}</div>
                </>
            )}
        </section>
    );
}
