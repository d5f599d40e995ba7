// The time bar: live or past, the instant shown, its pace, and how much was heard when. Time runs left
// to right in every language.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useCell } from '../cell';
import { density, heard, keepInRange, range, zoomRange, type Range } from '../data/density';
import { choose, chosenSpeed, goLive, goTo, hasHistory, isHistoryOnly, instant, jumped, past, playOrPause, span, SPEEDS, stepBy } from '../data/past';
import { sky } from '../data/sky';
import { stepToEvent } from '../data/steps';
import { selection } from '../desk';
import { dateText, dayMonth, grouped, isolated, localTime, zoneName, zDate, zSpan, zTime } from '../format';
import { readInstant } from '../instant';
import { say } from '../share';
import { theMap } from '../stage';
import { t } from '../words';
import { useWidth } from './width';
import { Back, Minus, NextEvent, On, PreviousEvent, Pause, Play, Plus } from './icons';

const TICKS_S = [60, 300, 600, 1800, 3600, 7200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000, 7_776_000, 31_536_000];
const TICK_PX = 64;
const FRAME_MS = 200;
const EXAMPLE = '2024-06-07 16:00Z';
const REVEAL_MS = 300; // the picture of the instant comes right after the answer

const two = (n: number) => String(n).padStart(2, '0');

/* Dates at midnight, times elsewhere. */
function tickText(at: number, step: number): string {
    const d = new Date(at * 1000);
    if (step > 2_592_000) return dateText(at, { month: 'short', year: 'numeric' });
    if (step >= 86_400 || (d.getUTCHours() === 0 && d.getUTCMinutes() === 0)) return dayMonth(at);
    return step >= 3600 ? `${two(d.getUTCHours())}Z` : `${two(d.getUTCHours())}:${two(d.getUTCMinutes())}`;
}

function ticks(r: Range, width: number): { at: number; step: number }[] {
    const least = ((r.to - r.from) / Math.max(1, width)) * TICK_PX;
    const step = TICKS_S.find((s) => s >= least) ?? TICKS_S[TICKS_S.length - 1];
    const list = [];
    for (let at = Math.ceil(r.from / step) * step; at <= r.to; at += step) list.push({ at, step });
    return list;
}

/* As long as something moves, or at a jump, the bar follows. */
function useInstant(): number {
    const p = useCell(past);
    useCell(jumped);
    useCell(sky.version);
    const [, again] = useState(0);
    useEffect(() => {
        if (p?.speed === 0) return;
        const timer = setInterval(() => again((n) => n + 1), p ? FRAME_MS : 1000);
        return () => clearInterval(timer);
    }, [p?.speed, p === null]);
    return sky.clock.known || p ? instant() : NaN;
}

function localText(at: number): string {
    return t('time.local', localTime(at), zoneName(at));
}

function Bars({ width, height, r }: { width: number; height: number; r: Range }) {
    const d = useCell(density);
    const own = useCell(heard);
    const chosen = useCell(selection);
    if (!d || !d.aircraft.length) return null;
    const most = Math.max(1, ...d.aircraft);
    const n = d.aircraft.length;
    const sx = (at: number) => ((at - r.from) / (r.to - r.from)) * width;
    const x = (i: number) => sx(d.from + ((d.to - d.from) * i) / n);
    const w = Math.max(0.75, x(1) - x(0) - (x(1) - x(0) > 3 ? 1 : 0));
    return (
        <g>
            {d.aircraft.map((v, i) => v > 0 && <rect key={i} class="bar" x={x(i)} width={w} y={height - Math.max(2, (v / most) * height)} height={Math.max(2, (v / most) * height)} />)}
            {chosen && own.map((v, i) => v > 0 && <rect key={`o${i}`} class="own" x={x(i)} width={Math.max(1, x(1) - x(0))} y={height + 3} height={4} />)}
        </g>
    );
}

/* Where the record holds nothing at all. */
function Unheard({ width, height, r }: { width: number; height: number; r: Range }) {
    const d = useCell(density);
    if (!d) return null;
    const n = d.aircraft.length;
    const sx = (at: number) => ((at - r.from) / (r.to - r.from)) * width;
    const at = (i: number) => d.from + ((d.to - d.from) * i) / n;
    const x = (i: number) => sx(at(i));
    const holes: [number, number][] = [];
    d.aircraft.forEach((v, i) => {
        if (v > 0) return;
        const last = holes[holes.length - 1];
        if (last && last[1] === i) last[1] = i + 1;
        else holes.push([i, i + 1]);
    });
    return <g>{holes.map(([a, b]) => <rect key={a} x={x(a)} width={Math.max(0, x(b) - x(a))} y={0} height={height} fill="url(#unheard)"><title>{t('time.unheard', isolated(zSpan(at(a), at(b))))}</title></rect>)}</g>;
}

const KEYS: Record<string, (r: Range) => number> = {
    ArrowRight: (r) => (r.to - r.from) / 200,
    ArrowUp: (r) => (r.to - r.from) / 200,
    ArrowLeft: (r) => -(r.to - r.from) / 200,
    ArrowDown: (r) => -(r.to - r.from) / 200,
    PageUp: (r) => (r.to - r.from) / 10,
    PageDown: (r) => -(r.to - r.from) / 10,
};

function Slider({ at, r }: { at: number; r: Range }) {
    const [ref, width] = useWidth();
    const box = useRef<HTMLDivElement>(null);
    const s = useCell(span);
    const p = useCell(past);
    const height = 40;
    const sx = (x: number) => ((x - r.from) / (r.to - r.from)) * width;
    const timeOf = (e: MouseEvent) => {
        const b = box.current!.getBoundingClientRect();
        return r.from + ((e.clientX - b.left) / b.width) * (r.to - r.from);
    };
    const onKeyDown = (e: KeyboardEvent) => {
        const by = KEYS[e.key];
        if (e.ctrlKey || e.metaKey || e.altKey) return;
        if (by) stepBy(by(r));
        else if (e.key === 'Home' && s) goTo(s.first);
        else if (e.key === 'End' && s) goTo(s.last);
        else return;
        e.preventDefault();
        e.stopPropagation();
    };
    const dragging = useRef(-1);
    const flag = Math.min(Math.max(sx(at), 0), width);
    return (
        <div
            class="tplot" id="time" ref={(e) => { box.current = e; ref(e); }} tabIndex={0} role="slider" aria-label={t('time.slider')} dir="ltr"
            aria-valuemin={Math.floor(s?.first ?? r.from)} aria-valuemax={Math.ceil(s?.last ?? r.to)} aria-valuenow={Math.round(at === at ? at : r.to)} aria-valuetext={at === at ? `${zDate(at)} ${zTime(at)}` : undefined}
            onKeyDown={onKeyDown}
            onPointerDown={(e) => { if (e.button !== 0) return; dragging.current = e.pointerId; box.current!.setPointerCapture(e.pointerId); goTo(timeOf(e)); }}
            onPointerMove={(e) => { if (dragging.current === e.pointerId) goTo(timeOf(e)); }}
            onPointerUp={() => { dragging.current = -1; }}
            onPointerCancel={() => { dragging.current = -1; }}
            onWheel={(e) => { e.preventDefault(); zoomRange(e.deltaY > 0 ? 1.25 : 0.8, timeOf(e)); }}
        >
            <svg width={width} height={76} aria-hidden="true">
                <defs><pattern id="unheard" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="1" height="6" class="hatch" /></pattern></defs>
                <g transform="translate(0 14)">
                    <Unheard width={width} height={height} r={r} />
                    {ticks(r, width).map(({ at: x, step }) => (
                        <g key={x}>
                            <line class="tick" x1={sx(x)} x2={sx(x)} y1={0} y2={height + 6} />
                            {sx(x) > 18 && sx(x) < width - 18 && <text class="ax" x={sx(x)} y={height + 19} text-anchor="middle">{tickText(x, step)}</text>}
                        </g>
                    ))}
                    <Bars width={width} height={height} r={r} />
                </g>
                {at === at && (p || (at >= r.from && at <= r.to)) && (
                    <g class={p ? 'flag' : 'flag now'} transform={`translate(${flag} 0)`}>
                        <line y1={4} y2={60} />
                        <path d="M-5 0H5V7L0 12L-5 7z" />
                    </g>
                )}
            </svg>
        </div>
    );
}

/* The instant, to be read and to be typed. */
function Instant({ at }: { at: number }) {
    const [typed, setTyped] = useState<string | null>(null);
    const [bad, setBad] = useState(false);
    const shown = at === at ? new Date(Math.round(at) * 1000).toISOString().slice(0, 19).replace('T', ' ') + 'Z' : '';
    const take = () => {
        if (typed === null || typed === shown) return setTyped(null);
        const to = readInstant(typed);
        setBad(to !== to);
        if (to !== to) return;
        setTyped(null);
        goTo(to);
    };
    return (
        <span class="tinst">
            <input
                id="instant" dir="ltr" type="text" size={20} spellcheck={false} autocomplete="off" aria-label={t('time.instant')} title={t('time.instantHint')}
                aria-invalid={bad} value={typed ?? shown} placeholder={shown ? undefined : EXAMPLE}
                onFocus={() => setTyped(shown)} onInput={(e) => { setTyped(e.currentTarget.value); setBad(false); }} onBlur={() => { if (bad) { setBad(false); setTyped(null); } else take(); }}
                onKeyDown={(e) => { if (e.key === 'Enter') take(); else if (e.key === 'Escape') { setTyped(null); setBad(false); e.currentTarget.blur(); } }}
            />
            {bad ? <span class="bad sm" role="alert">{t('time.badInstant')}</span> : at === at ? <bdi class="mut sm ltr cut">{localText(at)}</bdi> : <span class="mut sm cut">{t('time.choose')}</span>}
        </span>
    );
}

export function stepOrSay(by: 1 | -1): void {
    void stepToEvent(by).then((found) => {
        if (!found) return say(t('time.noEvent'));
        const stop = jumped.watch(() => {
            stop();
            setTimeout(() => theMap()?.reveal(), REVEAL_MS);
        });
    });
}

/* From event to event of the selection. */
function Events() {
    if (useCell(selection) === null) return null;
    return (
        <span class="r" dir="ltr">
            <button type="button" class="ib" aria-label={t('time.previous')} title={t('time.previous')} onClick={() => stepOrSay(-1)}><PreviousEvent /></button>
            <button type="button" class="ib" aria-label={t('time.next')} title={t('time.next')} onClick={() => stepOrSay(1)}><NextEvent /></button>
        </span>
    );
}

function Controls({ at }: { at: number }) {
    const p = useCell(past);
    const playing = p !== null && p.speed !== 0;
    const speed = Math.abs(chosenSpeed());
    return (
        <div class="tctl">
            <div class="r" dir="ltr">
                <button type="button" class="ib" aria-label={t('time.back')} title={t('time.back')} onClick={() => stepBy(-60)}><Back /></button>
                <button type="button" class="ib" aria-label={t(playing ? 'time.pause' : 'time.play')} title={t(playing ? 'time.pause' : 'time.play')} onClick={playOrPause}>{playing ? <Pause /> : <Play />}</button>
                <button type="button" class="ib" aria-label={t('time.on')} title={t('time.on')} onClick={() => stepBy(60)} disabled={!p}><On /></button>
                <div class="seg" role="group" aria-label={t('time.speed')}>
                    {SPEEDS.map((x) => <button type="button" key={x} aria-pressed={p !== null && speed === x} aria-label={t('time.timesLong', grouped(x))} onClick={() => choose(x)}>{t('time.times', String(x))}</button>)}
                </div>
                <button type="button" class={p ? 'btn tlive' : 'btn tlive on'} aria-pressed={!p} title={t('time.goLive')} onClick={goLive}><i />{t('time.live')}</button>
            </div>
            <div class="r"><Events /><Instant at={p ? at : NaN} />{p?.end && <span class="mut sm cut">{t(p.end === 'first' ? 'time.first' : 'time.last')}</span>}</div>
        </div>
    );
}

export function TimeBar() {
    const has = useCell(hasHistory);
    const r = useCell(range);
    const p = useCell(past);
    const at = useInstant();
    useEffect(() => {
        if (p && at === at) keepInRange(at);
    }, [at, p === null, r === null]);
    if (!has && !p) return null;
    return (
        <section class="timebar" aria-label={t('time.label')}>
            <Controls at={at} />
            {r && <Slider at={at} r={r} />}
            {r && (
                <div class="tzoom">
                    <button type="button" class="ib" aria-label={t('time.in')} title={t('time.in')} onClick={() => zoomRange(0.5, p ? at : r.to)}><Plus /></button>
                    <button type="button" class="ib" aria-label={t('time.out')} title={t('time.out')} onClick={() => zoomRange(2, p ? at : r.to)}><Minus /></button>
                </div>
            )}
        </section>
    );
}

export function PastBadge() {
    const only = useCell(isHistoryOnly);
    if (!useCell(past)) return null;
    return <span class="pastbadge" title={t(only ? 'time.onlyTitle' : 'time.pastTitle')}>{t(only ? 'time.only' : 'time.past')}</span>;
}
