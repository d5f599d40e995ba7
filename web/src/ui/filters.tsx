// Heading of the table with the filters: each that is set stands as a chip that removes it.
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useCell } from '../cell';
import { clean, SILENT_S, type Aircraft } from '../data/aircraft';
import { ALIVE, fleet } from '../data/columns';
import { boundName } from '../data/bound';
import { serverNow, sky } from '../data/sky';
import { filter, NO_FILTER, ORIGIN_GROUPS, type Filter } from '../desk';
import { altitudeOf, altitudeUnit, feetOf, grouped } from '../format';
import { countryName } from '../names';
import { take } from '../tool';
import { t, tOr } from '../words';
import { Cross, Plus } from './icons';

interface Chip {
    text: string;
    without: Partial<Filter>;
}

const receiverName = (n: number) => clean(sky.about.get().receivers.find((r) => r.number === n)?.name ?? String(n));
const without = <T,>(list: readonly T[], one: T) => list.filter((o) => o !== one);

function placeChips(f: Filter): Chip[] {
    const list: Chip[] = [];
    if (f.inView) list.push({ text: t('filter.inView'), without: { inView: false } });
    if (f.where !== 'any') list.push({ text: t(f.where === 'air' ? 'filter.air' : 'filter.ground'), without: { where: 'any' } });
    if (f.placed) list.push({ text: t('filter.placed'), without: { placed: false } });
    if (f.emergency) list.push({ text: t('filter.emergency'), without: { emergency: false } });
    if (f.area) list.push({ text: t('filter.inArea'), without: { area: null } });
    if (f.low > -Infinity || f.high < Infinity) {
        const lo = f.low > -Infinity ? grouped(altitudeOf(f.low)) : '';
        const hi = f.high < Infinity ? grouped(altitudeOf(f.high)) : '';
        list.push({ text: t('filter.alt', lo, hi, altitudeUnit()), without: { low: -Infinity, high: Infinity } });
    }
    return list;
}

export function chips(f: Filter): Chip[] {
    const list: Chip[] = [];
    if (f.text) list.push({ text: t('filter.text', clean(f.text)), without: { text: '' } });
    list.push(...f.types.map((v) => ({ text: t('filter.typeIs', v), without: { types: without(f.types, v) } })));
    if (f.callsign) list.push({ text: t('filter.callsignIs', f.callsign), without: { callsign: '' } });
    if (f.operator) list.push({ text: t('filter.operatorIs', clean(f.operator)), without: { operator: '' } });
    if (f.military !== 'any') list.push({ text: t(f.military === 'yes' ? 'filter.military' : 'filter.civil'), without: { military: 'any' } });
    list.push(...f.countries.map((v) => ({ text: countryName(v), without: { countries: without(f.countries, v) } })));
    list.push(...f.kinds.map((v) => ({ text: tOr(`kind.${v}`, v), without: { kinds: without(f.kinds, v) } })));
    list.push(...f.bound.map((v) => ({ text: t('filter.boundIs', v), without: { bound: without(f.bound, v) } })));
    if (f.squawk) list.push({ text: t('filter.squawkIs', f.squawk), without: { squawk: '' } });
    list.push(...placeChips(f));
    list.push(...f.receivers.map((v) => ({ text: receiverName(v), without: { receivers: without(f.receivers, v) } })));
    for (const g of f.origins) list.push({ text: t(ORIGIN_GROUPS[g].label), without: { origins: without(f.origins, g) } });
    return list;
}

const change = (part: Partial<Filter>) => filter.set({ ...filter.get(), ...part });

function Check({ label, on, set }: { label: string; on: boolean; set: (on: boolean) => void }) {
    return (
        <label class="check">
            <input type="checkbox" checked={on} onChange={(e) => set(e.currentTarget.checked)} />
            <span>{label}</span>
        </label>
    );
}

function Altitudes({ f }: { f: Filter }) {
    const [bad, setBad] = useState(false);
    const low = useRef<HTMLInputElement>(null);
    const high = useRef<HTMLInputElement>(null);
    const read = () => {
        const [lo, hi] = [low.current!.value, high.current!.value];
        const next = { low: lo === '' ? -Infinity : Math.round(feetOf(Number(lo))), high: hi === '' ? Infinity : Math.round(feetOf(Number(hi))) };
        setBad(next.low > next.high);
        if (next.low <= next.high) change(next);
    };
    const shown = (v: number) => (Number.isFinite(v) ? String(altitudeOf(v)) : '');
    return (
        <fieldset>
            <legend>{t('filter.altitude', altitudeUnit())}</legend>
            <div class="pair">
                <label>{t('filter.from')} <input ref={low} type="number" step={1000} dir="ltr" value={shown(f.low)} onChange={read} aria-invalid={bad} aria-describedby={bad ? 'bad-alt' : undefined} /></label>
                <label>{t('filter.to')} <input ref={high} type="number" step={1000} dir="ltr" value={shown(f.high)} onChange={read} aria-invalid={bad} /></label>
            </div>
            {bad && <p class="bad sm" id="bad-alt" role="alert">{t('filter.badAltitude')}</p>}
        </fieldset>
    );
}

interface WordProps {
    label: string;
    value: string;
    hint?: string;
    list?: string[]; // what there is to choose from
    id: string;
    fits?: (value: string) => boolean;
    wrong?: string;
    set: (value: string) => void;
}

/* A word of a filter, taken as it is typed; what cannot be one is said at the field. */
function Word({ label, value, hint, list, id, fits = () => true, wrong, set }: WordProps) {
    const [typed, setTyped] = useState<string | null>(null);
    const bad = typed !== null && typed !== '' && !fits(typed);
    return (
        <label class="word">
            <span>{label}</span>
            <input
                type="text" dir="auto" autocomplete="off" spellcheck={false} placeholder={hint} list={list ? `${id}-list` : undefined} value={typed ?? value}
                aria-invalid={bad} aria-describedby={bad ? `${id}-bad` : undefined}
                onInput={(e) => {
                    const v = e.currentTarget.value;
                    setTyped(v);
                    if (v.trim() === '' || fits(v)) set(v.trim());
                }}
                onBlur={() => setTyped(null)}
            />
            {list && <datalist id={`${id}-list`}>{list.map((v) => <option key={v} value={v} />)}</datalist>}
            {bad && wrong && <span class="bad sm" id={`${id}-bad`} role="alert">{wrong}</span>}
        </label>
    );
}

/* One of a list, or any; with more than one chosen by a link the first stands here, all as chips. */
function Choice({ label, value, of, set }: { label: string; value: string; of: [value: string, name: string][]; set: (value: string) => void }) {
    return (
        <label class="word">
            <span>{label}</span>
            <select value={value} onChange={(e) => set(e.currentTarget.value)}>
                <option value="">{t('filter.any')}</option>
                {of.map(([v, name]) => <option key={v} value={v}>{name}</option>)}
            </select>
        </label>
    );
}

/* The values there are in the picture, and those the filter asks for. */
function present(read: (a: Aircraft) => string, also: readonly string[]): string[] {
    const found = new Set(also);
    for (const a of sky.aircraft.values()) {
        const v = read(a);
        if (v) found.add(v);
    }
    return [...found].sort();
}

const isTypes = (v: string) => /^[\s,]*[A-Za-z0-9]{2,4}([\s,]+[A-Za-z0-9]{2,4})*[\s,]*$/.test(v);
const isCodes = (v: string) => /^[\s,]*[A-Za-z0-9-]{2,8}([\s,]+[A-Za-z0-9-]{2,8})*[\s,]*$/.test(v);
const split = (v: string) => v.toUpperCase().split(/[\s,]+/).filter(Boolean);
const named = (codes: string[], name: (code: string) => string) =>
    codes.map((c): [string, string] => [c, name(c)]).sort((p, q) => p[1].localeCompare(q[1]));

function Who({ f }: { f: Filter }) {
    const there = useMemo(() => ({
        types: present((a) => a.type, f.types),
        countries: present((a) => a.country, f.countries),
        kinds: present((a) => a.kind, f.kinds),
        bound: present((a) => (boundName(a.bound) ? a.bound!.airport : ''), f.bound),
    }), []);
    const { receivers } = useCell(sky.about);
    return (
        <fieldset>
            <legend>{t('filter.who')}</legend>
            <Word id="f-type" label={t('filter.type')} hint={t('filter.typeHint')} value={f.types.join(', ')} list={there.types} fits={isTypes} set={(v) => change({ types: split(v) })} />
            <Word id="f-callsign" label={t('filter.callsign')} value={f.callsign} fits={(v) => /^\s*[A-Za-z0-9]{1,8}\s*$/.test(v)} set={(v) => change({ callsign: v.toUpperCase() })} />
            <Word id="f-operator" label={t('filter.operator')} value={f.operator} set={(v) => change({ operator: v.slice(0, 40) })} />
            <Word id="f-squawk" label={t('filter.squawk')} value={f.squawk} fits={(v) => /^\s*[0-7]{4}\s*$/.test(v)} wrong={t('filter.badSquawk')} set={(v) => change({ squawk: v })} />
            <Word id="f-bound" label={t('filter.bound')} hint="DRRN, DRRR" value={f.bound.join(', ')} list={there.bound} fits={isCodes} set={(v) => change({ bound: split(v) })} />
            <Choice label={t('filter.country')} value={f.countries[0] ?? ''} of={named(there.countries, countryName)} set={(v) => change({ countries: v ? [v] : [] })} />
            <Choice label={t('filter.class')} value={f.kinds[0] ?? ''} of={named(there.kinds, (k) => tOr(`kind.${k}`, k))} set={(v) => change({ kinds: v ? [v] : [] })} />
            <Choice label={t('filter.receiver')} value={String(f.receivers[0] ?? '')} of={named(receivers.map((r) => String(r.number)), (n) => receiverName(Number(n)))} set={(v) => change({ receivers: v ? [Number(v)] : [] })} />
            <div class="checks">
                <Check label={t('filter.military')} on={f.military === 'yes'} set={(on) => change({ military: on ? 'yes' : 'any' })} />
                <Check label={t('filter.civil')} on={f.military === 'no'} set={(on) => change({ military: on ? 'no' : 'any' })} />
            </div>
        </fieldset>
    );
}

function Where({ f, close }: { f: Filter; close: () => void }) {
    const where = (w: Filter['where'], on: boolean) => change({ where: on ? w : 'any' });
    const draw = () => {
        close();
        take('area');
        document.querySelector<HTMLElement>('.maplibregl-canvas')?.focus();
    };
    return (
        <fieldset>
            <legend>{t('filter.where')}</legend>
            <Check label={t('filter.inView')} on={f.inView} set={(on) => change({ inView: on })} />
            <Check label={t('filter.placed')} on={f.placed} set={(on) => change({ placed: on })} />
            <Check label={t('filter.air')} on={f.where === 'air'} set={(on) => where('air', on)} />
            <Check label={t('filter.ground')} on={f.where === 'ground'} set={(on) => where('ground', on)} />
            <Check label={t('filter.emergency')} on={f.emergency} set={(on) => change({ emergency: on })} />
            <button type="button" class="btn" onClick={draw}>{t('filter.drawArea')}</button>
        </fieldset>
    );
}

function FilterForm({ close }: { close: () => void }) {
    const f = useCell(filter);
    const box = useRef<HTMLDivElement>(null);
    useEffect(() => {
        box.current!.querySelector('input')!.focus();
        const outside = (e: PointerEvent) => {
            const at = e.target as Element;
            if (!box.current?.contains(at) && !at.closest('#filter-button')) close();
        };
        document.addEventListener('pointerdown', outside);
        return () => document.removeEventListener('pointerdown', outside);
    }, []);
    const origin = (g: string, on: boolean) => change({ origins: on ? [...f.origins, g] : without(f.origins, g) });
    return (
        <div class="pop" ref={box} role="dialog" aria-label={t('filter.label')} onKeyDown={(e) => {
            if (e.key !== 'Escape') return;
            e.stopPropagation();
            close();
        }}>
            <Who f={f} />
            <Where f={f} close={close} />
            <Altitudes f={f} />
            <fieldset>
                <legend>{t('filter.origin')}</legend>
                {Object.entries(ORIGIN_GROUPS).map(([g, { label }]) => (
                    <Check key={g} label={t(label)} on={f.origins.includes(g)} set={(on) => origin(g, on)} />
                ))}
            </fieldset>
        </div>
    );
}

function Heard(): ComponentChildren {
    useCell(sky.version);
    const now = sky.clock.known ? serverNow() : 0;
    let silent = 0;
    const c = fleet.columns;
    for (let row = 0; row < c.length; row++) if (c.marks[row] & ALIVE && now - c.seenAt[row] > SILENT_S) silent++;
    return <span class="mut sm">{t('table.heard', sky.aircraft.size - silent, silent)}</span>;
}

export function FilterBar() {
    const f = useCell(filter);
    const [open, setOpen] = useState(false);
    const list = chips(f);
    const close = () => {
        setOpen(false);
        document.getElementById('filter-button')?.focus();
    };
    return (
        <>
            <div class="sh">
                <h2>{t('table.title')}</h2>
                <Heard />
                <span class="grow" />
                <button type="button" class="btn" id="filter-button" aria-expanded={open} aria-haspopup="dialog" onClick={() => (open ? close() : setOpen(true))}>
                    <Plus />{t('filter.open')}
                </button>
                {open && <FilterForm close={close} />}
            </div>
            {list.length > 0 && (
                <div class="filters">
                    {list.map((c) => (
                        <button type="button" class="chip o" key={c.text} onClick={() => change(c.without)} aria-label={t('filter.remove', c.text)}>
                            <bdi>{c.text}</bdi><Cross />
                        </button>
                    ))}
                    {list.length > 1 && <button type="button" class="plain" onClick={() => filter.set(NO_FILTER)}>{t('filter.clear')}</button>}
                </div>
            )}
        </>
    );
}
