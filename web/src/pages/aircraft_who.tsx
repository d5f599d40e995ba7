// Who an aircraft is: each source with its date, what they disagree on, whether the registration is
// stored or follows from the address, and why it counts as military.
import type { ComponentChildren } from 'preact';
import { countryName } from '../names';
import { shortDate } from '../format';
import { t, tOr } from '../words';
import { Answer, Card, Id, Ltr, type TableColumn, DataTable } from '../ui/parts';
import type { Question } from '../data/ask';
import { tons } from './ledger_parts';

interface Said {
    value: string;
    source: string;
    date?: string;
}
export interface Who {
    hex: string;
    country?: string;
    r?: string;
    r_derived: boolean;
    t?: string;
    desc?: string;
    type_name?: string;
    ownOp?: string;
    year?: string | number;
    dbFlags?: number;
    military?: string[];
    operator?: string;
    class?: string;
    kind?: string;
    lift?: { low_kg: number; plan_kg: number; max_kg: number; edition: string };
    conflicts?: string[];
    said: Record<string, Said[]>;
}

interface Source extends Said {
    field: string;
}

const FLAGS: [number, 'who.interesting' | 'who.pia' | 'who.ladd'][] = [[2, 'who.interesting'], [4, 'who.pia'], [8, 'who.ladd']];

const sourceColumns = (w: Who): TableColumn<Source>[] => [
    { key: 'field', head: t('who.field'), cell: (s) => <>{tOr(`who.${s.field}`, s.field)}{w.conflicts?.includes(s.field) && <span class="warn"> {t('who.conflict')}</span>}</>, sortBy: (s) => s.field },
    { key: 'value', head: t('panel.value'), cell: (s) => <bdi>{s.value}</bdi>, sortBy: (s) => s.value },
    { key: 'source', head: t('who.source'), cell: (s) => <Id>{s.source}</Id>, sortBy: (s) => s.source },
    { key: 'date', head: t('who.date'), isNumeric: true, cell: (s) => (s.date ? <bdi>{shortDate(Date.parse(s.date) / 1000)}</bdi> : <span class="mut">{t('ledger.unknown')}</span>), sortBy: (s) => s.date ?? '' },
];

const Line = ({ label, children }: { label: string; children: ComponentChildren }) => <div><dt>{label}</dt><dd>{children}</dd></div>;
const absent = (text: string) => <span class="mut">{text}</span>;

function Values({ w }: { w: Who }) {
    const flags = FLAGS.filter(([bit]) => (w.dbFlags ?? 0) & bit);
    return (
        <dl class="facts">
            <Line label={t('ledger.address')}><Id>{w.hex}</Id>{w.hex.startsWith('~') && <> <span class="mut">{t('panel.nonIcao')}</span></>}</Line>
            <Line label={t('col.state')}>{w.country ? <bdi>{countryName(w.country)}</bdi> : absent(t('who.noCountry'))}</Line>
            <Line label={t('field.registration')}>{w.r ? <><Id>{w.r}</Id> <span class="mut">{t(w.r_derived ? 'who.derived' : 'who.stored')}</span></> : absent(t('panel.unregistered'))}</Line>
            <Line label={t('col.type')}>{w.t ? <><Ltr>{w.t}</Ltr> <bdi class="mut">{w.type_name ?? w.desc}</bdi></> : absent(t('ledger.unknown'))}</Line>
            <Line label={t('filter.class')}>{w.kind ? tOr(`kind.${w.kind}`, w.kind) : absent(t('ledger.unknown'))}</Line>
            <Line label={t('who.owner')}>{w.ownOp ? <bdi>{w.ownOp}</bdi> : absent(t('who.noSource'))}</Line>
            <Line label={t('who.year')}>{w.year ? <Ltr>{w.year}</Ltr> : absent(t('who.noSource'))}</Line>
            <Line label={t('who.military')}>{w.military?.length ? <ul>{w.military.map((k) => <li key={k}>{tOr(`military.${k}`, k)}</li>)}</ul> : absent(t('who.notMilitary'))}</Line>
            {flags.length > 0 && <Line label={t('who.flags')}>{flags.map(([, key]) => t(key)).join(t('list.and'))}</Line>}
            <Line label={t('who.lift')}>{w.lift ? <><Ltr>{tons(w.lift.low_kg)} / {tons(w.lift.plan_kg)} / {tons(w.lift.max_kg)}</Ltr> {t('unit.t')} <bdi class="mut">{w.lift.edition}</bdi></> : absent(t('ledger.noLift'))}</Line>
        </dl>
    );
}

export function WhoCard({ of }: { of: Question<Who> }) {
    return (
        <Card title={t('who.title')} note={t('who.note')}>
            <Answer of={of}>
                {(w) => {
                    const sources = Object.entries(w.said).flatMap(([field, list]) => list.map((s) => ({ ...s, field })));
                    return (
                        <>
                            <Values w={w} />
                            <DataTable caption={t('who.sources')} columns={sourceColumns(w)} rows={sources} rowKey={(s) => `${s.field} ${s.source} ${s.value}`} empty={t('who.noSources')} />
                        </>
                    );
                }}
            </Answer>
        </Card>
    );
}
