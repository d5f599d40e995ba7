// The board's cards beside its charts: claims, requirement, presence, bases, countries, next, scenarios.
import type { ComponentChildren } from 'preact';
import { useCell } from '../../cell';
import { token } from '../../data/post';
import { dateAndTime, dayMonth, grouped, isolated, percent, shortDate, zSpan } from '../../format';
import { countryName } from '../../names';
import { hrefOf, route } from '../../route';
import { bandOf } from '../../sure';
import { language, t } from '../../words';
import { AircraftRef, AirportRef, Card, DataTable, DaySpan, Folded, Id, Ltr, Sure, SureGlyph } from '../../ui/parts';
import { FigureButtons } from '../figurebuttons';
import { unitName } from './charts';
import { useAsk } from '../../data/ask';
import { edgeOf, epoch, inLanguage, isIn, mayBeChanged, STANDINGS, type Base, type Board, type BoardClaim, type CountryStanding, heardOn, nobodyListened, type FlightFilter, type HeardDays, type Line, type LineOutcome, type Pace, type Presence, type Scenario, type Sum, type Verdict } from './model';

/* A number opens to the flights behind it, as of the same instant. */
export function Opens({ board, filter, children }: { board: Board; filter: FlightFilter; children: ComponentChildren }) {
    const { at } = route.get().args;
    return <a href={hrefOf('operation', { name: board.name, ...(at ? { at } : {}), show: 'flights', ...filter })}>{children}</a>;
}

/* The way to change what stands there, for who holds the token. */
export function EditLink({ board, kind, of }: { board: Board; kind: string; of?: string }) {
    const isEditor = useCell(token) !== '';
    if (!isEditor || !mayBeChanged(board)) return null;
    return <a class="editlink" href={hrefOf('operation', { name: board.name, show: 'edit', kind, ...(of ? { key: of } : {}) })} aria-label={t('edit.changeOf', of ?? t(`edit.kind.${kind}` as 'edit.kind.line'))}>{t('edit.link')}</a>;
}

const quantity = (n: number, unit: string) => <bdi>{grouped(n)} {unitName(unit)}</bdi>;

const VERDICT_SIGNS: Record<Verdict, string> = {
    supported: 'm3 8.5 3.2 3L13 4.5', consistent: 'M2.5 6.2c2-2 3.5-2 5.5 0s3.5 2 5.5 0M2.5 10.800c2-2 3.5-2 5.5 0s3.5 2 5.5 0', contradicted: 'M3 6h10M3 10h10M10.5 3l-5 10',
    cannot_tell: 'M5.4 6.200C5.4 4.4 6.5 3.4 8 3.400s2.7 1 2.7 2.500C10.7 7.8 8 8 8 10.100M8 12.500v.3',
};

export const VerdictSign = ({ verdict }: { verdict: Verdict }) => (
    <span class={`verdict ${verdict}`}>
        <svg width="14" height="14" viewBox="0 0 16 16" fill="none" stroke="currentColor" stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"><path d={VERDICT_SIGNS[verdict]} /></svg>
        {t(`op.verdict.${verdict}`)}
    </span>
);

function Claim({ board, of: c }: { board: Board; of: BoardClaim }) {
    const { claim: k } = c;
    const others = c.conflicts.map((key) => board.claims.find((o) => o.claim.key === key)).filter((o) => o !== undefined);
    return (
        <li class={c.conflicts.length ? 'claim conflict' : 'claim'} id={`claim-${k.key}`}>
            <VerdictSign verdict={c.verdict} />
            <div>
                <p class="st"><bdi>{inLanguage(k, 'text')}</bdi></p>
                <p class="sec sm"><bdi>{k.by}</bdi>{k.attribution && <>, <bdi>{k.attribution}</bdi></>}, <bdi>{shortDate(epoch(k.published))}</bdi>{k.url && /^https?:/.test(k.url) && <> · <a href={k.url} rel="noreferrer noopener" target="_blank">{t('op.sourceLink')}</a></>} <EditLink board={board} kind="claim" of={k.key} /></p>
                <p class="sm">{c.sentence[language.get()] ?? c.sentence.en}</p>
                {others.length > 0 && <p class="sm sec">{t('op.conflicts')} {others.map((o, i) => <>{i > 0 && <span aria-hidden="true"> · </span>}<bdi>{inLanguage(o.claim, 'text')}</bdi></>)}</p>}
                <ClaimBehind board={board} of={c} />
            </div>
        </li>
    );
}

/* The arithmetic and the flights, one press away. */
function ClaimBehind({ board, of: c }: { board: Board; of: BoardClaim }) {
    const a = c.arithmetic;
    const hasSums = a.departures > 0 || a.claimed_high_t > 0;
    if (!hasSums && !c.loads.length && !c.flights.length) return null;
    const range = (lo: number, hi: number, digits = 0) => isolated(lo === hi ? grouped(lo, digits) : `${grouped(lo, digits)}–${grouped(hi, digits)}`);
    return (
        <Folded title={t('op.behind')}>{() => <>
            {hasSums && (
                <dl class="sums">
                    {a.departures > 0 && <div><dt>{isIn(board) ? t('op.arrivals') : t('op.sumDepartures')}</dt><dd><Opens board={board} filter={{ way: edgeOf(board), base: c.claim.place }}><bdi>{grouped(a.departures, 1)}</bdi></Opens> <bdi class="mut">{t('op.interval', range(a.departures_low, a.departures_high))}</bdi></dd></div>}
                    {a.offered_max_t > 0 && <div><dt>{t('op.sumOffered')}</dt><dd><bdi>{isolated(`${grouped(a.offered_low_t)} / ${grouped(a.offered_plan_t)} / ${grouped(a.offered_max_t)}`)} {unitName('t')}</bdi></dd></div>}
                    {a.claimed_high_t > 0 && <div><dt>{t('op.sumClaimed')}</dt><dd><bdi>{range(a.claimed_low_t, a.claimed_high_t)} {unitName('t')}</bdi></dd></div>}
                    {c.loads.map((l) => <div key={l.factor}><dt><bdi>{l.edition}</bdi></dt><dd>{t('op.fullLoads', range(l.low, l.high))}</dd></div>)}
                </dl>
            )}
            {c.flights.length > 0 && <ul class="plain">{c.flights.map((f) => <li key={f.hex + (f.t_lo ?? '')}><AircraftRef hex={f.hex} flight={f.callsign} /> {f.t_lo && f.t_hi && <span class="mut"><DaySpan lo={epoch(f.t_lo)} hi={epoch(f.t_hi)} /></span>} {f.p !== undefined && <bdi class="ltr mut">{percent(f.p)}</bdi>}</li>)}</ul>}
        </>}</Folded>
    );
}

const VERDICT_ORDER: Verdict[] = ['supported', 'contradicted', 'consistent', 'cannot_tell'];

export function Claims({ board }: { board: Board }) {
    const isLoad = (c: BoardClaim) => c.claim.event === 'load';
    const by = (a: BoardClaim, b: BoardClaim) => epoch(b.claim.published) - epoch(a.claim.published) || VERDICT_ORDER.indexOf(a.verdict) - VERDICT_ORDER.indexOf(b.verdict);
    /* Those that contradict each other stand side by side. */
    const list: BoardClaim[] = [];
    const put = (c: BoardClaim) => {
        if (list.includes(c)) return;
        list.push(c);
        for (const key of c.conflicts) {
            const other = board.claims.find((o) => o.claim.key === key);
            if (other && !isLoad(other)) put(other);
        }
    };
    board.claims.filter((c) => !isLoad(c)).sort(by).forEach(put);
    const loads = board.claims.filter(isLoad).sort(by);
    return (
        <Card title={t('op.claims')} note={t('op.claimsNote')}>
            {list.length ? <ul class="claims">{list.map((c) => <Claim key={c.claim.key} board={board} of={c} />)}</ul> : <p class="mut">{t('page.none')}</p>}
            {loads.length > 0 && <Folded kind="loads" title={t('op.loads', loads.length)}>{() => <ul class="claims">{loads.map((c) => <Claim key={c.claim.key} board={board} of={c} />)}</ul>}</Folded>}
        </Card>
    );
}

function Meter({ part }: { part: number }) {
    return <span class="meter" aria-hidden="true"><i style={{ inlineSize: `${Math.max(0, Math.min(1, part)) * 100}%` }} /></span>;
}

const outcomeText = (o: LineOutcome | undefined) =>
    !o ? '' : o.basis === 'done' ? t('op.done') : o.basis === 'forecast' && o.at_50 ? dayMonth(epoch(o.at_50)) : t(`op.basis.${o.basis}` as 'op.basis.not_ready');

export function Requirement({ board }: { board: Board }) {
    const outcome = (l: Line) => board.forecast.lines.find((o) => o.line === l.key);
    return (
        <Card title={t('op.requirement')} note={t('op.requirementNote')}>
            <DataTable caption={t('op.requirement')} rows={[...board.requirement].sort((a, b) => (a.priority ?? 99) - (b.priority ?? 99) || (a.key < b.key ? -1 : 1))} rowKey={(l) => l.key} columns={[
                { key: 'priority', head: t('op.priority'), isNumeric: true, cell: (l) => <bdi>{l.priority ?? '–'}</bdi>, sortBy: (l) => l.priority ?? 99 },
                { key: 'what', head: t('op.what'), cell: (l) => <span class="wrap"><bdi>{inLanguage(l, 'what')}</bdi>{l.sensitive && <span class="flag">{t('op.sensitive')}</span>}{l.may_be_left && <span class="mut sm"> {t('op.mayBeLeft')}</span>}<br /><span class="mut sm"><AirportRef code={l.from} isShort /></span> <EditLink board={board} kind="line" of={l.key} /></span>, sortBy: (l) => l.what },
                { key: 'quantity', head: t('op.quantity'), isNumeric: true, cell: (l) => quantity(l.quantity, l.unit), sortBy: (l) => l.quantity },
                { key: 'moved', head: t('op.moved'), isNumeric: true, cell: (l) => {
                    const o = outcome(l);
                    return !o ? '–' : <><Meter part={o.moved / o.quantity} /> <bdi class="ltr">{percent(o.moved / o.quantity)}</bdi><br /><bdi class="ltr mut sm">{grouped(o.moved_low)}–{grouped(o.moved_high)}</bdi></>;
                }, sortBy: (l) => (outcome(l)?.moved ?? 0) / l.quantity },
                { key: 'by', head: t('op.by'), cell: (l) => {
                    const o = outcome(l);
                    return <><bdi>{outcomeText(o)}</bdi>{o?.basis === 'forecast' && o.p_deadline !== undefined && <><br /><bdi class="ltr mut sm">{percent(o.p_deadline)}</bdi></>}</>;
                }, sortBy: (l) => epoch(outcome(l)?.at_50) },
            ]} />
        </Card>
    );
}

const who = (p: Presence) => <><bdi>{p.country ? countryName(p.country) : t('op.unknownCountry')}</bdi>{p.operator && <> <Id>{p.operator}</Id></>}</>;

/* One row a country and operator, one column a day; the glyph is the surest arrival's, the number how many. */
export function PresenceMatrix({ board, at }: { board: Board; at?: string }) {
    const days = board.days.map((d) => d.day);
    const first = epoch(days[0]);
    const heard = useAsk<HeardDays>(`api/v1/operations/${board.name}/heard${at ? `?at=${at}` : ''}`).asked.answer;
    const on = new Map(days.map((d) => [d, heardOn(heard, d, board.at)]));
    const silent = (d: string) => nobodyListened(on.get(d) ?? null);
    return (
        <Card title={t('op.presence')} note={t('op.presenceNote')} acts={<FigureButtons name={`${board.name}-presence`} />} wide>
            <div class="tablebox" role="region" aria-label={t('op.presence')} tabIndex={0}>
                <table class="data matrix">
                    <caption class="sr-only">{t('op.presence')}</caption>
                    <thead><tr><th scope="col">{t('op.who')}</th><th scope="col" class="n">{t('op.arrivals')}</th>{days.map((d, i) => <th scope="col" key={d} class="cell"><bdi title={shortDate(epoch(d))}>{i === 0 || d.endsWith('-01') ? dayMonth(first + i * 86_400) : d.slice(8).replace(/^0/, '')}</bdi></th>)}</tr></thead>
                    <tbody>
                        {board.presence.map((p) => (
                            <tr key={p.country + p.operator + String(p.military)}>
                                <th scope="row">{who(p)}{p.military && <span class="mut sm"> {t('op.military')}</span>}{p.operation && <span class="flag">{t('op.own')}</span>}</th>
                                <td class="n"><bdi>{grouped(p.arrivals)}</bdi> <bdi class="mut sm">{t('op.expected', grouped(p.expected, 1))}</bdi></td>
                                {days.map((d) => {
                                    const k = p.days.find((q) => q.day === d);
                                    return <td key={d} class={silent(d) ? 'cell unheard' : 'cell'}>{k && k.n > 0 ? <span title={`${shortDate(epoch(d))}: ${percent(k.p)}`}><SureGlyph band={bandOf(k.p)} size={9} /><bdi>{k.n}</bdi></span> : silent(d) ? <span class="sr-only">{t('op.heard.none')}</span> : <span class="nothing" aria-hidden="true">·</span>}</td>;
                                })}
                            </tr>
                        ))}
                    </tbody>
                    {heard && heard.bases.length > 0 && (
                        <tfoot>
                            {heard.bases.map((b) => (
                                <tr key={b.base}>
                                    <th scope="row" colSpan={2}>{t('op.heardAt')} <Id>{b.base}</Id></th>
                                    {days.map((d) => {
                                        const word = on.get(d)?.find((x) => x.base === b.base)?.word;
                                        return !word ? <td key={d} class="cell" /> : <td key={d} class={`cell heard-${word}`}><span class="mark" title={`${shortDate(epoch(d))}: ${t(`op.heard.${word}`)}`} /><span class="sr-only">{t(`op.heard.${word}`)}</span></td>;
                                    })}
                                </tr>
                            ))}
                        </tfoot>
                    )}
                </table>
            </div>
        </Card>
    );
}

export function NextExpected({ board }: { board: Board }) {
    const paces = board.forecast.bases.filter((b) => b.next_50);
    return (
        <Card title={t('op.next')} note={t('op.nextNote')}>
            <ul class="list">
                {board.next.map((n) => (
                    <li key={n.hex + n.t_lo}><AircraftRef hex={n.hex} flight={n.callsign} /> <span>{t('op.boundFor')} <AirportRef code={n.base} /></span> <span class="mut"><DaySpan lo={epoch(n.t_lo)} hi={epoch(n.t_hi)} /></span> <Sure band={bandOf(n.p)} p={n.p} /></li>
                ))}
                {!board.next.length && <li class="mut">{t('op.noneBound')}</li>}
                {paces.map((b) => <li key={b.base}><span>{t('op.nextDeparture', isIn(board))} <AirportRef code={b.base} /></span> <bdi>{dateAndTime(epoch(b.next_50))}</bdi> <bdi class="mut sm">{t('op.eightOfTen', zSpan(epoch(b.next_10), epoch(b.next_90)))}</bdi></li>)}
                {(board.lapsing ?? []).map((l) => <li key={l.clearance}><span class="warn">{t('op.lapses')}</span> <Id>{l.clearance}</Id> <bdi>{countryName(l.country)}</bdi> <bdi class="mut">{dateAndTime(epoch(l.at))}</bdi></li>)}
            </ul>
        </Card>
    );
}

function pace(p: Pace | undefined): ComponentChildren {
    if (!p) return '–';
    return p.has_pace ? <><bdi>{grouped(p.departures_a_day, 2)}</bdi> <bdi class="mut sm">{t('op.interval', isolated(`${grouped(p.departures_a_day_10, 2)}–${grouped(p.departures_a_day_90, 2)}`))}</bdi></> : t('op.basis.no_pace');
}

export function Bases({ board }: { board: Board }) {
    const sum = (k: Base) => board.sums.bases.find((s) => s.base === k.key);
    const cell = (k: Base, way: 'departures' | 'arrivals') => {
        const s: Sum | undefined = sum(k)?.[way];
        return s ? <><Opens board={board} filter={{ base: k.key, way }}><bdi>{grouped(s.listed)}</bdi></Opens> <bdi class="mut sm">{t('op.seen', s.observed, isolated(`${grouped(s.low)}–${grouped(s.high)}`))}</bdi></> : '–';
    };
    return (
        <Card title={t('op.bases')} note={t('op.basesNote')} wide>
            <DataTable caption={t('op.bases')} rows={board.bases} rowKey={(k) => k.key} columns={[
                { key: 'name', head: t('op.base'), cell: (k) => <><bdi>{inLanguage(k, 'name') || k.key}</bdi> <AirportRef code={k.key} isShort /> <EditLink board={board} kind="base" of={k.key} /></>, sortBy: (k) => k.key },
                { key: 'state', head: t('op.stateNow'), cell: (k) => (k.closed && epoch(k.closed) <= epoch(board.at) ? t('op.closedSince', shortDate(epoch(k.closed))) : k.notice ? <bdi>{k.notice}</bdi> : t('op.open')) },
                { key: 'departures', head: t('op.departures'), isNumeric: true, cell: (k) => cell(k, 'departures'), sortBy: (k) => sum(k)?.departures.listed ?? 0 },
                { key: 'arrivals', head: t('op.arrivals'), isNumeric: true, cell: (k) => cell(k, 'arrivals'), sortBy: (k) => sum(k)?.arrivals.listed ?? 0 },
                { key: 'pace', head: t('op.pace', isIn(board)), isNumeric: true, cell: (k) => pace(board.forecast.bases.find((p) => p.base === k.key)) },
                { key: 'ceiling', head: t('op.ceiling'), isNumeric: true, cell: (k) => { const p = board.forecast.bases.find((b) => b.base === k.key); return p?.ceiling_t_a_day ? <bdi>{grouped(p.ceiling_t_a_day)} {unitName('t')}</bdi> : '–'; } },
                { key: 'works', head: t('op.works'), cell: (k) => <span class="wrap sm">{[k.mog !== undefined && t('op.mog', k.mog), k.hours !== undefined && t('op.hours', k.hours), k.runway, k.fuel].filter(Boolean).map((s, i) => <>{i > 0 && ' · '}<bdi>{s}</bdi></>)}</span> },
                { key: 'source', head: t('op.source'), cell: (k) => <span class="wrap sm mut">{k.as_of && <><bdi>{shortDate(epoch(k.as_of))}</bdi> · </>}<bdi>{k.source ?? ''}</bdi></span> },
            ]} />
        </Card>
    );
}

export function Countries({ board }: { board: Board }) {
    const rows = board.clearance_countries ?? [];
    if (!rows.length) return null;
    return (
        <DataTable caption={t('op.clearances')} rows={rows} rowKey={(c) => c.country} columns={[
            { key: 'country', head: t('op.country'), cell: (c) => <><bdi>{countryName(c.country)}</bdi> <Ltr muted>{c.country}</Ltr></>, sortBy: (c) => c.country },
            { key: 'now', head: t('op.validNow'), cell: (c) => (c.valid_now ? <bdi>{t('op.validUntil', c.valid_now, c.valid_until ? dateAndTime(epoch(c.valid_until)) : '–')}</bdi> : c.next_valid ? <bdi>{t('op.validFrom', dateAndTime(epoch(c.next_valid)))}</bdi> : t('op.noneValid')), sortBy: (c: CountryStanding) => c.valid_now },
            ...STANDINGS.map((s) => ({ key: s, head: t(`op.standing.${s}`), isNumeric: true, cell: (c: CountryStanding) => (c.flights[s] ? <Opens board={board} filter={{ country: c.country, standing: s }}><bdi>{grouped(c.flights[s])}</bdi></Opens> : <span class="mut">0</span>), sortBy: (c: CountryStanding) => c.flights[s] })),
        ]} />
    );
}

export function Scenarios({ board }: { board: Board }) {
    const isMixed = new Set((board.factors ?? []).map((f) => f.type)).size > 1;
    const typeOf = (s: Scenario) => isMixed && board.factors?.find((f) => f.key === s.factor)?.type;
    return (
        <Card title={t('op.scenarios')} note={t('op.scenariosNote')}>
            <DataTable caption={t('op.scenarios')} rows={board.scenarios} rowKey={(s) => s.factor} columns={[
                { key: 'edition', head: t('op.edition'), cell: (s: Scenario) => <span class="wrap">{typeOf(s) && <><bdi>{typeOf(s)}</bdi> </>}<bdi>{s.edition}</bdi> <span class="mut sm">{t(`op.role.${s.role}` as 'op.role.plan')}</span></span>, sortBy: (s) => s.edition },
                { key: 'load', head: t('op.load'), isNumeric: true, cell: (s) => <bdi>{grouped(s.payload_t, 1)} {unitName('t')}</bdi>, sortBy: (s) => s.payload_t },
                { key: 'at', head: t('op.by'), cell: (s) => (s.at_50 ? <><bdi>{dayMonth(epoch(s.at_50))}</bdi><br /><bdi class="mut sm">{t('op.interval', `${dayMonth(epoch(s.at_10))} – ${dayMonth(epoch(s.at_90))}`)}</bdi></> : t(`op.basis.${s.basis}` as 'op.basis.no_pace')), sortBy: (s) => epoch(s.at_50) },
                { key: 'p', head: t('op.pDeadline'), isNumeric: true, cell: (s) => (s.p_deadline === undefined ? '–' : <bdi class="ltr">{percent(s.p_deadline)}</bdi>), sortBy: (s) => s.p_deadline ?? NaN },
            ]} />
        </Card>
    );
}

const LANGUAGE_NAMES: Record<string, string> = { ar: 'العربية', en: 'English', fr: 'Français' };

export function Statements({ board }: { board: Board }) {
    return (
        <Card title={t('op.statements')} note={t('op.statementsNote')}>
            {board.statements.length ? (
                <ul class="list">
                    {board.statements.map((s) => (
                        <li key={s.hash}>
                            <a href={`api/v1/statements/${s.hash}`} target="_blank" rel="noopener" lang={s.language} hreflang={s.language}>{LANGUAGE_NAMES[s.language] ?? s.language}</a> <bdi>{dateAndTime(epoch(s.at))}</bdi> <Ltr muted>{s.hash.slice(0, 12)}</Ltr>
                        </li>
                    ))}
                </ul>
            ) : <p class="mut">{t('op.noStatements')} <code dir="ltr">masar operation statement {board.name}</code></p>}
        </Card>
    );
}
