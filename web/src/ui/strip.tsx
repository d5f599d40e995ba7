// One line under the bar for what the reader must know: no connection, a wrong clock, a bad link.
import { useEffect, useState } from 'preact/hooks';
import { cell, useCell } from '../cell';
import { clean } from '../data/aircraft';
import { faultText } from '../data/fault';
import { NO_HISTORY, past, pastError } from '../data/past';
import { sky, serverNow } from '../data/sky';
import { zTime } from '../format';
import { badLink } from '../share';
import { t } from '../words';
import { Cross } from './icons';

const CLOCK_OFF_MIN = 2;
const BACK_SHOWN_MS = 5000;

/* Whole minutes this device is ahead of the server; 0 where the picture is not of today at all. */
function clockAhead(): number {
    if (!sky.clock.known || past.get() || sky.about.get().simulation || Math.abs(sky.clock.rate - 1) > 0.2) return 0;
    const minutes = Math.round((Date.now() / 1000 - serverNow()) / 60);
    return Math.abs(minutes) >= CLOCK_OFF_MIN && Math.abs(minutes) < 24 * 60 ? minutes : 0;
}

const aheadBy = cell(0);
sky.version.watch(() => aheadBy.set(clockAhead()));

function useBack(): number {
    const link = useCell(sky.link);
    const [was, setWas] = useState(false);
    const [back, setBack] = useState(NaN);
    useEffect(() => {
        if (link === 'away') setWas(true);
        if (link !== 'live' || !was) return;
        setWas(false);
        setBack(serverNow());
        const timer = setTimeout(() => setBack(NaN), BACK_SHOWN_MS);
        return () => clearTimeout(timer);
    }, [link]);
    return back;
}

export function Strip() {
    const link = useCell(sky.link);
    const bad = useCell(badLink);
    const back = useBack();
    const noPast = useCell(pastError);
    const ahead = useCell(aheadBy);
    const [dismissed, dismiss] = useState(false);
    if (link === 'away')
        return <p class="strip warn" role="status">{sky.lostAt === sky.lostAt ? t('strip.away', zTime(sky.lostAt)) : t('strip.never')}</p>;
    if (back === back) return <p class="strip" role="status">{t('strip.back', zTime(back))}</p>;
    if (bad.length)
        return (
            <p class="strip warn" role="status">
                {t('strip.badLink')} {bad.map((b) => <bdi class="ltr quoted" key={b.key}>“{clean(b.key)}={clean(b.value)}”</bdi>)}
                <button type="button" class="plain" aria-label={t('strip.dismiss')} onClick={() => badLink.set([])}><Cross /></button>
            </p>
        );
    if (noPast)
        return (
            <p class="strip warn" role="status">
                {t('strip.noPast')} {noPast === NO_HISTORY ? t('strip.noHistory') : <bdi>{faultText(400, noPast)}</bdi>}
                <button type="button" class="plain" aria-label={t('strip.dismiss')} onClick={() => pastError.set(null)}><Cross /></button>
            </p>
        );
    if (ahead && !dismissed)
        return (
            <p class="strip" role="status">
                {t('strip.clock', Math.abs(ahead), ahead > 0)}
                <button type="button" class="plain" aria-label={t('strip.dismiss')} onClick={() => dismiss(true)}><Cross /></button>
            </p>
        );
    return null;
}
