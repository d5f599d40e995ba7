// The days a page looks at: chosen, typed, one step back or on; they stand in the page's link.
import { useEffect, useState } from 'preact/hooks';
import { useCell } from '../cell';
import { isHistoryOnly, past, span } from '../data/past';
import { serverNow, sky } from '../data/sky';
import { dayMonth, shortDate } from '../format';
import { DAY_S, lastDays, periodArgs, periodOf, shifted, typedDays, writeDay, type Period } from '../period';
import type { PageProps } from '../pages';
import { changeArgs } from '../route';
import { t } from '../words';
import { Earlier, Later } from './icons';

/* The newest instant: now, or the end of history where nothing is heard. NaN until it is known. */
function newest(): number {
    const last = span.get()?.last ?? NaN;
    return isHistoryOnly.get() || past.get() || !sky.clock.known ? last : serverNow();
}

const NOTHING_MS = 4000; // a server without history says nothing of its span

/* The days of a page's link; null for a moment at the start. */
export function usePeriod(args: PageProps['args'], days?: number): Period | null {
    useCell(span);
    useCell(past);
    useCell(isHistoryOnly);
    const link = useCell(sky.link);
    const [late, setLate] = useState(false);
    useEffect(() => {
        const timer = setTimeout(() => setLate(true), NOTHING_MS);
        return () => clearTimeout(timer);
    }, [link]);
    const end = newest();
    return periodOf(args, end === end || !late ? end : Date.now() / 1000, days);
}

/* 7 Jun 2024, or 7 Jun – 13 Jun 2024 */
export function periodText(p: Period): string {
    const last = p.to - 1;
    return last - p.from < DAY_S ? shortDate(p.from) : `${dayMonth(p.from)} – ${shortDate(last)}`;
}

const chosen = (p: Period, n: number) => Math.round((p.to - p.from) / DAY_S) === n;

export function PeriodPicker({ period: p }: { period: Period }) {
    const all = useCell(span);
    const [wrong, setWrong] = useState(false);
    const choose = (next: Period) => {
        setWrong(false);
        changeArgs(periodArgs(next));
    };
    const take = (form: HTMLFormElement) => {
        const field = (name: string) => (form.elements.namedItem(name) as HTMLInputElement).value;
        const typed = typedDays(field('first'), field('last'));
        setWrong(typed === null);
        if (typed && (typed.from !== p.from || typed.to !== p.to)) choose(typed);
    };
    const day = (name: string, label: string, value: number) => (
        <input key={value} class="day" name={name} type="text" size={10} dir="ltr" inputMode="numeric" autocomplete="off" aria-label={label} defaultValue={writeDay(value).slice(0, 10)}
            aria-invalid={wrong} aria-describedby={wrong ? 'period-wrong' : undefined} onKeyDown={(e) => e.stopPropagation()} onBlur={(e) => take(e.currentTarget.form!)} />
    );
    const preset = (n: number, text: string) => <button type="button" aria-pressed={chosen(p, n)} onClick={() => choose(lastDays(p, n))}>{text}</button>;
    return (
        <form class="period" aria-label={t('period.label')} onSubmit={(e) => { e.preventDefault(); take(e.currentTarget); }}>
            <span class="days" dir="ltr">
                <button type="button" class="ib" aria-label={t('period.earlier')} title={t('period.earlier')} onClick={() => choose(shifted(p, -1))}><Earlier /></button>
                {day('first', t('period.first'), p.from)}
                <span class="mut" aria-hidden="true">–</span>
                {day('last', t('period.last'), p.to - 1)}
                <button type="button" class="ib" aria-label={t('period.later')} title={t('period.later')} onClick={() => choose(shifted(p, 1))}><Later /></button>
                <button type="submit" class="sr-only" tabIndex={-1}>{t('period.show')}</button>
            </span>
            <span class="seg">
                {preset(1, t('period.day'))}
                {preset(7, t('period.week'))}
                {preset(30, t('period.month'))}
                {all && <button type="button" onClick={() => choose({ from: Math.floor(all.first / DAY_S) * DAY_S, to: Math.floor(all.last / DAY_S) * DAY_S + DAY_S })}>{t('period.all')}</button>}
            </span>
            {wrong && <small class="bad" id="period-wrong" role="alert">{t('period.wrong')}</small>}
        </form>
    );
}
