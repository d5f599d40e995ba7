// A country: what happened at its airfields; each with how well it was heard.
import { useAsk } from '../data/ask';
import { circle, coveragePath, shareLow, type CoverageAnswer } from '../data/coverage';
import type { LedgerRow } from '../data/ledger';
import { grouped, NONE, percent } from '../format';
import { countryName } from '../names';
import type { Period } from '../period';
import { AirportRef, Card, DataTable, PageLink, useAirports, type TableColumn } from '../ui/parts';
import { t } from '../words';
import type { PageProps } from '.';
import { PlaceView } from './place';
import { countBy, type Count } from './place_days';

const HEARD_KM = 40;
const ASKED_MOST = 12; // hearing is asked of so many fields

function HeardAt({ code, period }: { code: string; period: Period }) {
    const a = useAirports().get(code);
    const { asked } = useAsk<CoverageAnswer>(a ? coveragePath(circle(a.lat, a.lon, HEARD_KM), period, 'area') : null);
    if (asked.state === 'failed') return <span class="mut">{t('place.noCoverage')}</span>;
    const p = asked.answer ? shareLow(asked.answer.rows) : NaN;
    return p === p ? <bdi class="ltr">{percent(p)}</bdi> : <span class="mut">{asked.answer ? t('place.heardNothing') : NONE}</span>;
}

export function Fields({ arrivals, period }: { arrivals: LedgerRow[]; period: Period }) {
    const rows = countBy(arrivals, (r) => r.airport);
    const asked = new Set(rows.slice(0, ASKED_MOST).map((c) => c.code));
    const columns: TableColumn<Count>[] = [
        { key: 'code', head: t('col.airport'), cell: (c) => <AirportRef code={c.code} />, sortBy: (c) => c.code },
        { key: 'possible', head: t('place.arrivals'), isNumeric: true, cell: (c) => <bdi class="ltr">{grouped(c.possible)}</bdi>, sortBy: (c) => c.possible },
        { key: 'expected', head: t('place.expected'), isNumeric: true, cell: (c) => <bdi class="ltr">{grouped(c.expected, 1)}</bdi>, sortBy: (c) => c.expected },
        { key: 'observed', head: t('sure.observed'), isNumeric: true, cell: (c) => <bdi class="ltr">{grouped(c.observed)}</bdi>, sortBy: (c) => c.observed },
        { key: 'heard', head: t('place.heardShare'), isNumeric: true, cell: (c) => (asked.has(c.code) ? <HeardAt key={c.code} code={c.code} period={period} /> : NONE) },
    ];
    return (
        <Card title={t('place.fields')} note={t('place.fieldsNote')}>
            <DataTable caption={t('place.fields')} columns={columns} rows={rows} rowKey={(c) => c.code} first={{ key: 'expected', down: true }} most={20} empty={t('place.nobody')} />
        </Card>
    );
}

export default function CountryPage({ args }: PageProps) {
    const code = (args.country ?? '').toUpperCase();
    const name = countryName(code);
    return (
        <PlaceView
            args={args}
            of={{
                filter: { country: code }, area: null, isOneField: false, named: name,
                title: <><bdi>{name}</bdi> <bdi class="ltr mut">{code}</bdi></>,
                sub: <>{t('place.countrySub')} <PageLink page="ledger" args={{ what: 'flights', state: code }}>{t('place.itsAircraft')}</PageLink></>,
                more: (period, arrivals) => <Fields arrivals={arrivals} period={period} />,
            }}
        />
    );
}
