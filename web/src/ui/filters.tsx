// Heading of the table with the filters: each that is set stands as a chip that removes it.
import { useEffect, useRef, useState } from 'preact/hooks';
import { useCell } from '../cell';
import { isSilent } from '../data/aircraft';
import { serverNow, sky } from '../data/sky';
import { filter, NO_FILTER, ORIGIN_GROUPS, type Filter } from '../desk';
import { altitudeOf, altitudeUnit, feetOf, grouped } from '../format';
import { t } from '../words';
import { Cross, Plus } from './icons';

interface Chip {
    text: string;
    without: Partial<Filter>;
}

export function chips(f: Filter): Chip[] {
    const list: Chip[] = [];
    if (f.text) list.push({ text: t('filter.text', f.text), without: { text: '' } });
    if (f.inView) list.push({ text: t('filter.inView'), without: { inView: false } });
    if (f.where !== 'any') list.push({ text: t(f.where === 'air' ? 'filter.air' : 'filter.ground'), without: { where: 'any' } });
    if (f.placed) list.push({ text: t('filter.placed'), without: { placed: false } });
    if (f.emergency) list.push({ text: t('filter.emergency'), without: { emergency: false } });
    if (f.low > -Infinity || f.high < Infinity) {
        const lo = f.low > -Infinity ? grouped(altitudeOf(f.low)) : '';
        const hi = f.high < Infinity ? grouped(altitudeOf(f.high)) : '';
        list.push({ text: t('filter.alt', lo, hi, altitudeUnit()), without: { low: -Infinity, high: Infinity } });
    }
    for (const g of f.origins)
        list.push({ text: t(ORIGIN_GROUPS[g].label), without: { origins: f.origins.filter((o) => o !== g) } });
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
                <label>{t('filter.from')} <input ref={low} type="number" step={1000} value={shown(f.low)} onChange={read} aria-invalid={bad} aria-describedby={bad ? 'bad-alt' : undefined} /></label>
                <label>{t('filter.to')} <input ref={high} type="number" step={1000} value={shown(f.high)} onChange={read} aria-invalid={bad} /></label>
            </div>
            {bad && <p class="bad sm" id="bad-alt" role="alert">{t('filter.badAltitude')}</p>}
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
    const origin = (g: string, on: boolean) =>
        change({ origins: on ? [...f.origins, g] : f.origins.filter((o) => o !== g) });
    const where = (w: Filter['where'], on: boolean) => change({ where: on ? w : 'any' });
    return (
        <div class="pop" ref={box} role="dialog" aria-label={t('filter.label')} onKeyDown={(e) => {
            if (e.key !== 'Escape') return;
            e.stopPropagation();
            close();
        }}>
            <fieldset>
                <legend>{t('filter.where')}</legend>
                <Check label={t('filter.inView')} on={f.inView} set={(on) => change({ inView: on })} />
                <Check label={t('filter.placed')} on={f.placed} set={(on) => change({ placed: on })} />
                <Check label={t('filter.air')} on={f.where === 'air'} set={(on) => where('air', on)} />
                <Check label={t('filter.ground')} on={f.where === 'ground'} set={(on) => where('ground', on)} />
                <Check label={t('filter.emergency')} on={f.emergency} set={(on) => change({ emergency: on })} />
            </fieldset>
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

export function FilterBar() {
    const f = useCell(filter);
    useCell(sky.version);
    const [open, setOpen] = useState(false);
    const list = chips(f);
    const now = sky.clock.known ? serverNow() : 0;
    let silent = 0;
    for (const a of sky.aircraft.values()) if (isSilent(a, now)) silent++;
    const close = () => {
        setOpen(false);
        document.getElementById('filter-button')?.focus();
    };
    return (
        <>
            <div class="sh">
                <h2>{t('table.title')}</h2>
                <span class="mut sm">{t('table.heard', sky.aircraft.size - silent, silent)}</span>
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
