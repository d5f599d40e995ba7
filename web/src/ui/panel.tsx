// The selected aircraft: who it is, and every quantity with value, unit, origin, receiver and age.
import { useEffect, useRef } from 'preact/hooks';
import { useCell } from '../cell';
import { isEmergency, type Aircraft } from '../data/aircraft';
import { detail, gone, identity, lifetimes, trail, type Detail, type FieldValue, type Rejected } from '../data/detail';
import { past } from '../data/past';
import { serverNow, sky } from '../data/sky';
import { shapeOfType, typeOf } from '../data/known';
import { following, select, selection } from '../desk';
import { age, latitude, longitude, NONE, position, zTime } from '../format';
import { shapeFor } from '../map/silhouettes';
import { countryName } from '../names';
import { PAGES } from '../pages';
import { t, tOr } from '../words';
import { Aim, Cross, Link, Mlat, Silhouette, Warning } from './icons';
import { Bound } from './bound';
import { PageLink } from './parts';
import { Profile } from './profile';
import { printed } from './quantity';
import { copyLink } from '../share';


interface Line {
    key: string;
    label: string;
    value: string;
    unit: string;
    origin: string;
    receiver: string;
    t: number;
    ttl: number;
    title: string;
}

const originLabel = (type: string, label: string) => (type === 'other' && label !== 'other' ? label : tOr(`origin.${type}`, label));

function fieldLine(f: FieldValue): Line {
    const [value, unit] = printed(f.key, f.value, f.unit);
    return {
        key: f.key,
        label: tOr(`field.${f.key}`, f.key),
        value,
        unit,
        origin: originLabel(f.type, f.origin),
        receiver: f.receiver_name ?? '',
        t: f.t,
        ttl: lifetimes.get(f.key) ?? 60,
        title: f.key,
    };
}

function lines(d: Detail): Line[] {
    const list = d.fields.filter((f) => f.key !== 'position').map(fieldLine);
    if (d.position) {
        const p = d.position;
        list.unshift({
            key: 'position', label: t('field.position'), value: `${latitude(p.lat)}\n${longitude(p.lon)}`, unit: '',
            origin: originLabel(p.type, p.origin), receiver: p.receiver_name ?? '', t: p.t,
            ttl: lifetimes.get('position') ?? 60, title: p.method,
        });
    }
    return list;
}

function Value({ line, now }: { line: Line; now: number }) {
    const old = now - line.t > 2 * line.ttl;
    const parts = line.value.split('\n');
    const text = `${parts.join(' ')}${line.unit ? ` ${line.unit}` : ''}`;
    return (
        <tr class={old ? 'old' : ''}>
            <th scope="row" title={line.title}>{line.label}</th>
            <td class={`v n${parts.length > 1 ? ' two' : ''}`}>
                {old ? <span class="mut" title={t('panel.lastValue', text)}>{NONE}</span> : parts.map((part) => <bdi key={part} class="val"><bdi class="ltr"><b>{part}</b></bdi>{line.unit && <span class="u"> {line.unit}</span>}</bdi>)}
            </td>
            <td class="o" title={line.origin}><bdi>{line.origin}</bdi></td>
            <td class="o" title={line.receiver}><bdi>{line.receiver || NONE}</bdi></td>
            <td class={`n a${old ? ' warn' : ''}`}><bdi>{age(now - line.t)}</bdi></td>
        </tr>
    );
}

function Values({ d, now }: { d: Detail; now: number }) {
    return (
        <table class="vals">
            <caption class="sr-only">{t('panel.values')}</caption>
            <colgroup><col class="k" /><col class="v" /><col class="o" /><col class="r" /><col class="a" /></colgroup>
            <thead>
                <tr>
                    <th scope="col">{t('panel.values')}</th>
                    <th scope="col" class="n"><span class="sr-only">{t('panel.value')}</span></th>
                    <th scope="col">{t('panel.origin')}</th>
                    <th scope="col">{t('panel.receiver')}</th>
                    <th scope="col" class="n">{t('panel.age')}</th>
                </tr>
            </thead>
            <tbody>{lines(d).map((l) => <Value key={l.key} line={l} now={now} />)}</tbody>
        </table>
    );
}

function RejectedList({ list }: { list: Rejected[] }) {
    if (!list.length) return null;
    return (
        <section class="rejected">
            <h3><Warning />{t('panel.rejected', list.length)}</h3>
            <ol>
                {list.map((r) => (
                    <li key={`${r.t} ${r.lat} ${r.lon}`}>
                        <span><bdi class="ltr">{position(r.lat, r.lon, 3)}</bdi><bdi class="mut">{r.receiver_name}</bdi><bdi class="ltr mut">{zTime(r.t)}</bdi></span>
                        <span class="sec">{tOr(`verdict.${r.verdict}`, r.text)}</span>
                    </li>
                ))}
            </ol>
        </section>
    );
}

function Head({ hex, a, d }: { hex: string; a: Aircraft | undefined; d: Detail | null }) {
    const flight = a?.flight || d?.flight?.trim() || '';
    const known = useCell(identity);
    const who = (d?.hex === hex && d.identity) || known || undefined;
    const type = a?.type || who?.t || '';
    const registration = a?.registration || who?.r;
    const owner = who?.ownOp || who?.operator || a?.operator;
    const country = a?.country || who?.country;
    const name = who?.type_name || who?.desc || typeOf(type)?.name;
    const category = a?.category ?? '';
    const close = useRef<HTMLButtonElement>(null);
    return (
        <>
            <header class="ph">
                <Silhouette shape={(a?.shape ?? shapeFor(type, category, shapeOfType(type)))} size={44} outline={!a} />
                <div>
                    <h2 class="cs">{flight ? <bdi class="id">{flight}</bdi> : <span class="mut">{t('value.noFlight')}</span>}</h2>
                    <p class="sec sm">
                        {name && <><bdi>{name}</bdi> · </>}
                        {type && <><bdi class="ltr">{type}</bdi> · </>}
                        {category && !type && <>{tOr(`category.${category}`, category)} · </>}
                        <bdi class="ltr" title={t('panel.address')}>{hex}</bdi>
                    </p>
                </div>
                <button type="button" class="ib" ref={close} aria-label={t('panel.close')} onClick={() => select(null)}><Cross /></button>
            </header>
            <div class="chips">
                {(a?.simulated || d?.simulated) && <span class="sim"><i />{t('sim.badge')}</span>}
                {a && isEmergency(a) && <span class="chip bad"><Warning />{tOr(`emergency.${a.emergency}`, a.squawk)}</span>}
                {a?.origin === 'mlat' && <span class="chip"><Mlat />{t('origin.mlat')}</span>}
                {hex.startsWith('~') && <span class="chip o">{t('panel.nonIcao')}</span>}
                {(who?.military || a?.military) && <span class="chip" title={who?.military?.join(', ')}>{t('panel.military')}</span>}
                {country && <span class="chip" title={t('panel.country', countryName(country))}>{countryName(country)}</span>}
                {registration ? <span class="chip" title={who?.r_derived ? t('panel.derived') : undefined}><bdi class="ltr">{registration}</bdi></span> : <span class="chip o">{t('panel.unregistered')}</span>}
                {owner && <span class="chip wraps"><bdi>{owner}</bdi></span>}
            </div>
        </>
    );
}

function Basis({ d }: { d: Detail }) {
    if (d.messages === undefined || d.first === undefined) return null;
    return <p class="basis mut">{t('panel.heard', d.messages, zTime(d.first))}</p>;
}

export function Panel() {
    const hex = useCell(selection);
    const d = useCell(detail);
    const lost = useCell(gone);
    const back = useCell(past);
    const points = useCell(trail);
    const follow = useCell(following);
    useCell(sky.version);
    const box = useRef<HTMLDivElement>(null);
    useEffect(() => box.current?.scrollTo(0, 0), [hex]);
    if (!hex) return null;
    const a = sky.aircraft.get(hex);
    const now = sky.clock.known ? serverNow() : 0;
    return (
        <aside class="panel" id="panel" tabIndex={-1} aria-label={t('panel.label')}>
            <Head hex={hex} a={a} d={d} />
            <div class="body" ref={box} tabIndex={0} role="group" aria-label={t('panel.values')}>
                {lost && <p class="note warn">{t(back ? 'panel.notThen' : 'panel.gone')}</p>}
                <Bound />
                {d ? <Values d={d} now={now} /> : !lost && <p class="empty mut">{t('panel.loading')}</p>}
                <Profile points={points} now={now} />
                {d && <RejectedList list={d.rejected} />}
                {d && <Basis d={d} />}
            </div>
            <div class="acts">
                {PAGES.some((p) => p.name === 'aircraft') && <PageLink page="aircraft" args={{ hex }} class="btn on">{t('panel.page')}</PageLink>}
                <button type="button" class="btn" onClick={() => void copyLink()}><Link />{t('panel.link')}</button>
                <button type="button" class="btn" aria-pressed={follow} onClick={() => following.set(!follow)}><Aim />{t('panel.follow')}</button>
            </div>
        </aside>
    );
}
