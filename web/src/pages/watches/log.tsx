// Alerts: what was told, newest first, each with how sure it was and what it rests on.
import type { ComponentChildren } from 'preact';
import { dateAndTime, grouped, percent, zTime, age } from '../../format';
import { writeInstant } from '../../instant';
import { bandOf } from '../../sure';
import { language, t, tOr } from '../../words';
import { AircraftRef, AirportRef, Ltr, Sure } from '../../ui/parts';
import { epoch, type Alert, type Claim } from './model';

function Evidence({ of: c }: { of: Claim }) {
    const row = (label: string, value: ComponentChildren) => <div><dt>{label}</dt><dd>{value}</dd></div>;
    return (
        <details>
            <summary>{t('watch.evidence')}</summary>
            <dl class="sums">
                {row(t('watch.method'), tOr(`method.${c.method}`, c.method))}
                {(c.candidates ?? []).map((k) => <div key={k.airport}><dt><AirportRef code={k.airport} /></dt><dd><Ltr>{percent(k.p)}</Ltr></dd></div>)}
                {c.none_p !== undefined && row(t('panel.notListed'), <Ltr>{percent(c.none_p)}</Ltr>)}
                {c.fixes !== undefined && row(t('watch.fixes'), <bdi>{grouped(c.fixes)}</bdi>)}
                {c.receivers !== undefined && row(t('watch.receivers'), <bdi>{grouped(c.receivers)}</bdi>)}
                {c.heard !== undefined && row(t('watch.heardThere'), <Ltr>{percent(c.heard)}</Ltr>)}
                {c.silent_s !== undefined && c.silent_s > 0 && row(t('watch.silent'), <bdi>{age(c.silent_s)}</bdi>)}
                {(c.rules?.length ?? 0) > 0 && row(t('watch.rests'), c.rules!.map((r) => tOr(`rule.${r}`, r)).join(' · '))}
            </dl>
        </details>
    );
}

/* The sentence in the reader's language; a correction and a note are said to be one. */
export function AlertList({ list, withName = true }: { list: Alert[]; withName?: boolean }) {
    return (
        <ul class="alerts">
            {list.map((a, i) => (
                <li key={a.id ?? `${a.key}${a.tell}${i}`} class={`alert ${a.tell}${a.taken_back ? ' back' : ''}`}>
                    <p class="st">{a[language.get()] || a.en}</p>
                    <p class="sm sec">
                        {a.p !== undefined && a.tell === 'alert' && <><Sure band={bandOf(a.p)} p={a.p} /> · </>}
                        {a.tell !== 'alert' && <><span class="flag">{t(`watch.tell.${a.tell}`)}</span> </>}
                        <bdi>{t('watch.told', dateAndTime(epoch(a.told ?? a.made)))}</bdi>
                        {withName && a.name && <> · <bdi>{a.name}</bdi></>}
                        {(a.delivered ?? 0) + (a.waiting ?? 0) > 0 && <> · {t('watch.delivery', a.delivered ?? 0, a.waiting ?? 0)}</>}
                        {a.taken_back && <> · <span class="flag">{t('watch.takenBack', zTime(epoch(a.taken_back), false))}</span></>}
                        {a.hex && <> · <AircraftRef hex={a.hex} flight={a.callsign} /></>}
                        {a.hex && a.t_lo && <> · <a href={`#sel=${a.hex}&at=${writeInstant((epoch(a.t_lo) + epoch(a.t_hi ?? a.t_lo)) / 2)}`}>{t('watch.onDesk')}</a></>}
                    </p>
                    {a.claim && <Evidence of={a.claim} />}
                </li>
            ))}
        </ul>
    );
}
