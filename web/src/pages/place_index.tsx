// Which airports and countries there were arrivals at; the way to each.
import { useState } from 'preact/hooks';
import { airports, cityOf, findAirports, type Airport } from '../data/airports';
import { useLedger, type LedgerRow } from '../data/ledger';
import { dayMonth, grouped } from '../format';
import { countryName } from '../names';
import { goToPage } from '../route';
import { PeriodPicker, usePeriod } from '../ui/period';
import { AirportRef, Answer, Card, DataTable, Ltr, PageHead, PageLink, useAirports, type TableColumn } from '../ui/parts';
import { LinkButton } from '../ui/acts';
import { TextField } from '../ui/form';
import { t } from '../words';
import type { PageProps } from '.';
import { MilitaryChoice } from './place';
import { countBy, type Count } from './place_days';

const ROWS_MOST = 20_000;
const FOUND_MOST = 8;

const counts = (): TableColumn<Count>[] => [
    { key: 'possible', head: t('place.arrivals'), isNumeric: true, cell: (c) => <Ltr>{grouped(c.possible)}</Ltr>, sortBy: (c) => c.possible },
    { key: 'observed', head: t('sure.observed'), isNumeric: true, cell: (c) => <Ltr>{grouped(c.observed)}</Ltr>, sortBy: (c) => c.observed },
    { key: 'expected', head: t('place.expected'), isNumeric: true, cell: (c) => <Ltr>{grouped(c.expected, 1)}</Ltr>, sortBy: (c) => c.expected },
    { key: 'last', head: t('place.lastArrival'), isNumeric: true, cell: (c) => <bdi>{dayMonth(c.last)}</bdi>, sortBy: (c) => c.last },
];

/* A field that finds airports by city, name or code. */
function Find({ args }: { args: PageProps['args'] }) {
    const [found, setFound] = useState<Airport[] | null>(null);
    const keep = { mil: args.mil ?? '', from: args.from ?? '', to: args.to ?? '' };
    const take = async (q: string) => {
        const list = findAirports(await airports(), q, FOUND_MOST);
        if (list.length === 1 || list[0]?.icao === q.toUpperCase()) goToPage('airport', { airport: list[0].icao, ...keep });
        else setFound(list);
    };
    return (
        <Card title={t('place.find')} wide>
            <div class="fields"><TextField label={t('place.findLabel')} value="" size={28} isCode={false} hint={t('place.findHint')} take={(q) => void take(q)} /></div>
            {found && (found.length === 0 ? <p class="empty mut" role="status">{t('search.none')}</p> : <ul class="foundlist">{found.map((a) => <li key={a.icao}><PageLink page="airport" args={{ airport: a.icao, ...keep }}><bdi>{cityOf(a)}</bdi></PageLink> <bdi class="mut">{a.name}</bdi> <Ltr muted>{a.icao}</Ltr></li>)}</ul>)}
        </Card>
    );
}

function Lists({ rows }: { rows: LedgerRow[] }) {
    const all = useAirports();
    const fields = countBy(rows, (r) => r.airport);
    const countries = countBy(rows, (r) => all.get(r.airport ?? '')?.country);
    const country = (code: string) => <PageLink page="country" args={{ country: code }}><bdi>{countryName(code)}</bdi></PageLink>;
    return (
        <>
            <Card title={t('place.airports')} note={t('place.byArrivals')}>
                <DataTable caption={t('place.airports')} rows={fields} rowKey={(c) => c.code} first={{ key: 'expected', down: true }} most={40} empty={t('place.nobody')}
                    columns={[{ key: 'code', head: t('col.airport'), cell: (c) => <AirportRef code={c.code} />, sortBy: (c) => c.code }, { key: 'country', head: t('col.country'), cell: (c) => { const a = all.get(c.code); return a ? country(a.country) : <span class="mut">{t('ledger.unknown')}</span>; }, sortBy: (c) => all.get(c.code)?.country ?? '' }, ...counts()]} />
            </Card>
            <Card title={t('place.countries')} note={t('place.byArrivals')}>
                <DataTable caption={t('place.countries')} rows={countries} rowKey={(c) => c.code} first={{ key: 'expected', down: true }} most={40} empty={t('place.nobody')}
                    columns={[{ key: 'country', head: t('col.country'), cell: (c) => country(c.code), sortBy: (c) => c.code }, ...counts()]} />
            </Card>
        </>
    );
}

export function PlaceIndex({ args }: PageProps) {
    const period = usePeriod(args);
    const arrivals = useLedger('arrivals', period && { military: args.mil ?? '' }, period, ROWS_MOST);
    return (
        <>
            <PageHead title={t('place.airports')} sub={t('place.indexSub')}>
                <MilitaryChoice value={args.mil ?? ''} />
                {period && <PeriodPicker period={period} />}
                <LinkButton />
            </PageHead>
            <div class="cards">
                <Find args={args} />
                {period && <Answer of={arrivals}>{(a) => <>{a.next !== null && <p class="note warn">{t('place.cut', a.rows.length, a.sum.rows)}</p>}<Lists rows={a.rows} /></>}</Answer>}
            </div>
        </>
    );
}
