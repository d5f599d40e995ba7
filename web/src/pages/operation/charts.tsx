// The board's charts over one axis of time: what is still to move, departures a day, clearances. Each is
// told again as a table; color is never alone: patterns, dashes and words say the same.
import type { ComponentChildren } from 'preact';
import { dateAndTime, dayMonth, grouped, percent, shortDate, zTime, isolated } from '../../format';
import { spoken, t } from '../../words';
import { between, CHART_LEFT, CHART_RIGHT, path, steps, ticks, type Axis } from './axis';
import { DAY_S, dayAt, edgeOf, epoch, isIn, joined, type Board, type Burn, type Clearance, type ClearanceState } from './model';

const BURN_H = 232;
const DAYS_H = 74;
const ROW_H = 20;
const TOP = 20;
const BOTTOM = 18;
const WORDS_PX = 125; // what is written at a line has room for

/* A sentence of the reader's language inside a chart that runs left to right. */
export const said = (s: string) => (spoken().dir === 'rtl' ? `\u2067${s}\u2069` : s);

export interface Marks {
    now: number;
    deadline: number;
    closed: [number, number][]; // no valid landing clearance
}

function Frame({ axis, height, marks, label, withWords = false, children }: { axis: Axis; height: number; marks: Marks; label: string; withWords?: boolean; children: ComponentChildren }) {
    const low = height - BOTTOM;
    const deadline = axis.x(marks.deadline);
    const isWide = Math.abs(deadline - axis.x(marks.now)) > 2 * WORDS_PX || deadline < axis.x(marks.now);
    return (
        <svg class="chart" width={axis.width} height={height} viewBox={`0 0 ${axis.width} ${height}`} role="img" aria-label={label}>
            <defs>
                <pattern id="no-clearance" width="7" height="7" patternTransform="rotate(45)" patternUnits="userSpaceOnUse"><path d="M0 0V7" class="hatch" /></pattern>
            </defs>
            {ticks(axis).map((k) => (
                <g key={k.x}>
                    <path class={k.isMonth ? 'grid strong' : 'grid'} d={`M${k.x} ${TOP - 8}V${low}`} />
                    <text class="ax" x={k.x} y={height - 4} text-anchor="middle">{said(k.text)}</text>
                </g>
            ))}
            {marks.closed.map(([a, b]) => <rect key={a} x={axis.x(a)} y={TOP - 8} width={Math.max(1, axis.x(b) - axis.x(a))} height={low - TOP + 8} fill="url(#no-clearance)" />)}
            {children}
            <path class="now" d={`M${axis.x(marks.now)} ${withWords ? 4 : TOP - 8}V${low}`} />
            <path class="deadline" d={`M${deadline} ${withWords ? 4 : TOP - 8}V${low}`} />
            {withWords && <text class="ax ink" x={axis.x(marks.now) + 5} y={12}>{said(t('op.now', `${dayMonth(marks.now)} ${isolated(zTime(marks.now, false))}`))}</text>}
            {withWords && (isWide || axis.width - deadline > WORDS_PX) && <text class="ax late" x={deadline + (isWide ? -5 : 5)} y={12} text-anchor={isWide ? 'end' : 'start'}>{said(t('op.deadlineAt', dayMonth(marks.deadline)))}</text>}
        </svg>
    );
}

function Upright({ axis, y, list, low }: { axis: Axis; y: (v: number) => number; list: number[]; low: number }) {
    return (
        <>
            {list.map((v) => (
                <g key={v}>
                    <path class="grid" d={`M${CHART_LEFT} ${y(v)}H${axis.width - CHART_RIGHT}`} />
                    <text class="ax" x={CHART_LEFT - 6} y={y(v) + 4} text-anchor="end">{grouped(v)}</text>
                </g>
            ))}
            <path class="grid strong" d={`M${CHART_LEFT} ${low}H${axis.width - CHART_RIGHT}`} />
        </>
    );
}

/* At the end of each day; the first point is all of it, as the first day begins. */
function burnDays(b: Burn): number[] {
    const first = epoch(b.first_day);
    return b.mid.map((_, i) => first + (i + 1) * DAY_S);
}

export function BurnDown({ board, burn, axis, marks }: { board: Board; burn: Burn; axis: Axis; marks: Marks }) {
    const low = BURN_H - BOTTOM;
    const most = Math.max(burn.whole, ...burn.high);
    const y = (v: number) => low - (Math.max(0, v) / (most * 1.04 || 1)) * (low - TOP);
    const days = burnDays(burn).filter((d, i) => i < burn.known_days || d <= axis.to);
    const known = burn.known_days;
    const first = axis.x(epoch(burn.first_day));
    const upTo = (i: number) => Math.min(days[i], i < known ? marks.now : Infinity);
    const isLeft = burn.mid[Math.max(0, burn.known_days - 1)] > 0;
    const part = (from: number, to: number, values: number[]) => values.slice(from, to).map((v, i): [number, number] => [axis.x(upTo(from + i)), y(v)]);
    const xs = (from: number, to: number) => days.slice(from, to).map((_, i) => axis.x(upTo(from + i)));
    const ys = (from: number, to: number, values: number[]) => values.slice(from, to).map(y);
    const pin = Math.max(0, known - 1);
    const full = burn.if_full_plan;
    const outcome = burn.line ? board.forecast.lines.find((l) => l.line === burn.line) : board.forecast.all;
    const ends = isLeft ? ([[10, outcome?.at_10], [50, outcome?.at_50], [90, outcome?.at_90]] as const) : [];
    const endXs = ends.map(([, at]) => axis.x(epoch(at)));
    return (
        <Frame axis={axis} height={BURN_H} marks={marks} withWords label={t('op.burnLabel', grouped(burn.mid[pin] ?? burn.whole), t('op.ofWhole', grouped(burn.whole), unitName(burn.unit)))}>
            <Upright axis={axis} y={y} low={low} list={steps(most, 5)} />
            <path class="band past" d={between([first, ...xs(0, known)], [y(burn.whole), ...ys(0, known, burn.low)], [y(burn.whole), ...ys(0, known, burn.high)])} />
            <path class="band ahead" d={between(xs(pin, days.length), ys(pin, days.length, burn.low), ys(pin, days.length, burn.high))} />
            {full && <path class="full" d={path([[first, y(burn.whole)], ...part(0, known, full)])} />}
            <path class="mid past" d={path([[first, y(burn.whole)], ...part(0, known, burn.mid)])} />
            <path class="mid ahead" d={path(part(pin, days.length, burn.mid))} />
            {ends.map(([p, at], i) => (at && epoch(at) > marks.now && epoch(at) < axis.to ? (
                <g key={p}>
                    <path class="end" d={`M${endXs[i]} ${low - 8}V${low + 3}`} />
                    <text class="ax end" x={endXs[i]} y={low - 12 - (i === 1 && endXs[1] - endXs[0] < 32 ? 13 : 0)} text-anchor="middle">{percent(p / 100)}</text>
                </g>
            ) : null))}
            {(burn.claimed ?? []).map((c) => {
                const [x, high, lo] = [axis.x(epoch(c.at)), y(burn.whole - c.moved_low), y(burn.whole - c.moved_high)];
                const m = (high + lo) / 2;
                return <g key={c.claim + c.at}><title>{said(t('op.claimedTotal', grouped(c.moved_low), grouped(c.moved_high)))}</title><path class="claimed" d={`M${x} ${high}V${lo}`} /><path class="claimed pin" d={`M${x} ${m - 6}L${x + 6} ${m}L${x} ${m + 6}L${x - 6} ${m}Z`} /></g>;
            })}
        </Frame>
    );
}

export const unitName = (unit: string) => t(`op.unit.${unit === 't?' ? 'ton' : unit}` as 'op.unit.t');

/* Departures, or of an operation that things come to arrivals. */
export function FlightsADay({ board, axis, marks, open }: { board: Board; axis: Axis; marks: Marks; open: (day: string) => void }) {
    const low = DAYS_H - BOTTOM;
    const top = 12;
    const edge = edgeOf(board);
    const days = board.days.map((d) => ({ day: d.day, ...dayAt(d, edge) }));
    const most = Math.max(2, ...days.map((d) => Math.max(d.listed, d.high ?? d.expected)), ...(board.days_ahead ?? []).map((d) => d.departures_high));
    const y = (v: number) => low - (v / most) * (low - top);
    const wide = Math.max(2, axis.x(axis.from + DAY_S) - axis.x(axis.from));
    const bar = Math.max(1.5, wide - 2);
    const ahead = (board.days_ahead ?? []).filter((d) => epoch(d.day) >= marks.now - DAY_S && epoch(d.day) < axis.to);
    const at = (day: string) => axis.x(epoch(day) + DAY_S / 2);
    return (
        <Frame axis={axis} height={DAYS_H} marks={marks} label={t('op.daysLabel', grouped(board.sums[edge].listed), grouped(board.sums[edge].observed), isIn(board))}>
            <Upright axis={axis} y={y} low={low} list={[0, most > 3 ? Math.ceil(most / 2) : 1, most > 3 ? Math.ceil(most) : 2].filter((v) => v <= most)} />
            {ahead.length > 1 && <path class="band ahead" d={between(ahead.map((d) => at(d.day)), ahead.map((d) => y(d.departures_low)), ahead.map((d) => y(d.departures_high)))} />}
            {ahead.length > 1 && <path class="mid ahead" d={path(ahead.map((d) => [at(d.day), y(d.departures)]))} />}
            {days.map((d) => {
                const x = axis.x(epoch(d.day)) + (wide - bar) / 2;
                return (
                    <g key={d.day} class="day-bar" onClick={() => open(d.day)}>
                        <title>{said(t('op.dayTitle', shortDate(epoch(d.day)), grouped(d.listed), grouped(d.observed), grouped(d.expected, 1), isIn(board)))}</title>
                        <rect x={x - 1} y={top} width={wide} height={low - top} class="hit" />
                        {d.listed > 0 && <rect x={x + 0.5} y={y(d.listed)} width={Math.max(1, bar - 1)} height={low - y(d.listed)} class="inferred" />}
                        {d.observed > 0 && <rect x={x} y={y(d.observed)} width={bar} height={low - y(d.observed)} class="observed" />}
                        {d.high !== undefined && d.high > (d.low ?? 0) && <path class="whisker" d={`M${x + bar / 2} ${y(d.low ?? 0)}V${y(d.high)}`} />}
                    </g>
                );
            })}
        </Frame>
    );
}

type Span = { state: ClearanceState; from: number; to: number; text: string };

/* What a country's clearances were over time: those that were valid joined, each of the others as it is. */
function spansOf(list: Clearance[]): Span[] {
    const known = list.map((c) => ({ ...c, from: epoch(c.valid_from ?? c.from), to: epoch(c.valid_to ?? c.to) })).filter((c) => c.to > c.from);
    const valid = known.filter((c) => c.state === 'approved' || c.state === 'expired');
    const spans: Span[] = joined(valid.map((c) => [c.from, c.to])).map(([from, to]) => ({ state: 'approved', from, to, text: valid.filter((c) => c.from < to && c.to > from).map((c) => c.key).slice(0, 4).join(', ') }));
    for (const { state, from, to, key: text, revoked } of known) {
        const ended = epoch(revoked);
        if (state === 'revoked' && ended > from) spans.push({ state: 'approved', from, to: ended, text }, { state, from: ended, to, text });
        else if (state !== 'approved' && state !== 'expired') spans.push({ state, from, to, text });
    }
    return spans;
}

export function Clearances({ board, axis, marks, open }: { board: Board; axis: Axis; marks: Marks; open: (country: string) => void }) {
    const countries = [...new Set(board.clearances.map((c) => c.country))].sort();
    const height = 10 + countries.length * ROW_H + BOTTOM;
    const cut = (v: number) => Math.min(axis.width - CHART_RIGHT, Math.max(CHART_LEFT, axis.x(v)));
    return (
        <Frame axis={axis} height={height} marks={marks} label={t('op.clearancesLabel', countries.length, board.clearances.length)}>
            {countries.map((k, row) => (
                <g key={k} class="day-bar" onClick={() => open(k)}>
                    <rect x={0} y={8 + row * ROW_H} width={axis.width} height={ROW_H} class="hit" />
                    <text class="ax ink" x={CHART_LEFT - 8} y={8 + row * ROW_H + 14} text-anchor="end">{k}</text>
                    {spansOf(board.clearances.filter((c) => c.country === k)).filter((s) => s.to > axis.from && s.from < axis.to).sort((a, b) => (a.state === 'approved' ? -1 : 0) - (b.state === 'approved' ? -1 : 0)).map((s) => {
                        const [x, end, y] = [cut(s.from), cut(s.to), 8 + row * ROW_H + 3];
                        const wide = Math.max(2, end - x);
                        return (
                            <g key={`${s.state}${s.from}${s.text}`} class={`clr ${s.state}`}>
                                <title>{said(`${t(`op.state.${s.state}`)} ${isolated(s.text)}, ${dateAndTime(s.from)} – ${dateAndTime(s.to)}`)}</title>
                                <rect x={x} y={y} width={wide} height={ROW_H - 6} rx="2" />
                                {s.state === 'refused' && <path d={`M${x + wide / 2 - 4} ${y + 3}l8 8m0 -8l-8 8`} />}
                                {s.state === 'revoked' && <path d={`M${x + 2} ${y + ROW_H - 8}L${x + Math.min(wide - 2, 14)} ${y + 2}`} />}
                            </g>
                        );
                    })}
                </g>
            ))}
        </Frame>
    );
}

/* What was forecast before, each beside the deadline; the newest is the boldest. */
export function ForecastsBefore({ board, width }: { board: Board; width: number }) {
    const list = [...board.forecasts_before, board.forecast].filter((f, i, all) => all.findIndex((g) => g.at === f.at) === i);
    const ends = list.flatMap((f) => [epoch(f.all.at_10), epoch(f.all.at_90)]).filter((v) => v === v);
    const deadline = epoch(board.deadline);
    const [from, to] = [Math.min(...ends, epoch(board.at)) - 3 * DAY_S, Math.max(deadline, ...ends) + 6 * DAY_S];
    const [left, right] = [66, 50];
    const x = (v: number) => left + ((v - from) / (to - from)) * (width - left - right);
    const row = 21;
    const height = list.length * row + 24;
    return (
        <svg class="chart" width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t('op.beforeLabel', list.length)}>
            {list.map((f, i) => {
                const y = i * row + 12;
                const [a, m, b] = [x(epoch(f.all.at_10)), x(epoch(f.all.at_50)), x(epoch(f.all.at_90))];
                const isLast = i === list.length - 1;
                return (
                    <g key={f.at}>
                        <text class={isLast ? 'ax ink' : 'ax'} x={left - 10} y={y + 4} text-anchor="end">{said(dayMonth(epoch(f.at)))}</text>
                        {a === a && <rect x={a} y={y - 4} width={Math.max(2, b - a)} height={8} class={isLast ? 'before last' : 'before'} />}
                        {m === m && <path class="end" d={`M${m} ${y - 7}V${y + 7}`} />}
                        <text class="ax ink strong" x={width - 8} y={y + 4} text-anchor="end">{f.all.p_deadline === undefined ? '–' : percent(f.all.p_deadline)}</text>
                    </g>
                );
            })}
            <path class="deadline" d={`M${x(deadline)} 2V${height - 18}`} />
            <text class="ax late" x={x(deadline) + 4} y={height - 4} text-anchor="end">{said(dayMonth(deadline))}</text>
        </svg>
    );
}
