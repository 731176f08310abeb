import { SeededNumbers } from '../../../../../../test/support/seeded-numbers.ts';
import { DIMENSIONS } from '../../../../src/capabilities/rediscovery/search/fields.js';
import type { FieldValues, SearchDocument } from '../../../../src/capabilities/rediscovery/search/search-document.js';

const list = (text: string): readonly string[] => text.trim().split(/\s*\n\s*/);

/** Values of fields, by how often they occur: with forms, accents, other scripts, signs, widths and case. */
const values = {
  title: list(`
    Software Engineer
    Senior Software Engineer
    manager
    Account Manager
    Managing Director
    Ingénieur logiciel
    .NET Developer
    Entwicklerin für C++
    機械学習エンジニア
    Head of R&D
    Full-Stack Developer
    Softwareentwickler (Straße)
    Welder
    Site Reliability Engineer
    소프트웨어 개발자
    นักพัฒนาซอฟต์แวร์
    Managers' Manager`),
  company: list(`
    Example Co
    Example
    AT&T
    Straße & Söhne GmbH
    STRASSE & SÖHNE GMBH
    東京電力
    京都大学病院
    O'Brien Ltd
    OBrien
    node.js Foundation
    "Quoted" Industries
    Ärzte ohne Grenzen
    Çelik A.Ş.
    Компания Пример`),
  skill: list(`
    Java
    Python
    C++
    C#
    C
    .NET
    ASP.NET
    Node.js
    project management
    Managing projects
    machine learning
    learning
    Machine
    full-stack development
    R&D
    機械学習
    学習
    データ分析
    Ｊａｖａ
    Español
    10,000 users
    10000 users
    l'analyse
    marketing
    market
    leadership
    led teams`),
  place: list(`
    Berlin, Germany
    München, Deutschland
    MUNCHEN
    São Paulo, Brazil
    Tokyo 東京
    京都
    Porto`),
  school: list(`
    Example University
    Universität Zürich
    University of Example
    京都大学
    École Polytechnique`),
  small: list(`
    Energy
    Health care
    Bildung & Forschung
    Énergie
    R&D
    教育`),
  words: list(`
    the
    and
    project
    projects
    managed
    managing
    manages
    development
    developer
    developed
    team's
    node
    C++
    AT&T
    .NET
    Zürich
    analyst
    analyses
    analysis
    built
    builds
    東京都で働く
    機械学習モデル
    พัฒนาซอฟต์แวร์
    full-stack
    10,000
    e-mail
    résumé
    naïve
    naive
    Mu\u0308nchen
    ada@mail.example`),
  status: ['Active', 'Rejected', 'Hired', 'In review', 'Withdrawn'],
  size: ['1-10', '51-200', '10001+'],
  diversity: ['veteran status: veteran', 'gender: woman'],
} as const;

type Pool = keyof typeof values;

/** Which values the fields of a person take, and how many at most. */
const fields: readonly (readonly [field: string, pool: Pool, most: number])[] = [
  ['currentTitle', 'title', 2],
  ['pastTitle', 'title', 3],
  ['currentCompany', 'company', 1],
  ['pastCompany', 'company', 3],
  ['skill', 'skill', 6],
  ['location', 'place', 1],
  ['school', 'school', 2],
  ['degree', 'small', 1],
  ['major', 'skill', 1],
  ['industry', 'small', 2],
  ['companySize', 'size', 1],
  ['certification', 'skill', 1],
  ['language', 'small', 2],
  ['group', 'company', 1],
  ['interest', 'words', 2],
  ['honor', 'words', 1],
  ['diversity', 'diversity', 1],
  ['tag', 'words', 2],
];

/** People and queries that follow from a seed: frequent values and rare ones, few enough words that they meet in phrases. */
export class VariedPeople {
  private readonly numbers = new SeededNumbers();

  constructor(seed: number) {
    this.numbers.restart(seed, 0);
  }

  /** People; `from` is the number in the id of the first one. */
  documents(count: number, from = 0): SearchDocument[] {
    return Array.from({ length: count }, (_, index) => this.document(`person-${String(from + index)}`));
  }

  /** A query without a mistake, of every kind of clause. */
  query(depth = 0): string {
    const clauses = Array.from({ length: 1 + this.below(3) }, () => this.clause(depth));
    return clauses.reduce((query, clause) => `${query}${this.pick([' ', ' AND ', ' OR '])}${clause}`);
  }

  /** From 0 up to, and without, the limit. */
  below(limit: number): number {
    return this.numbers.below(limit);
  }

  /** One of them, all as often. */
  pick<Item>(items: readonly Item[]): Item {
    return items[this.below(items.length)] as Item;
  }

  /** The first ones far more often than the last, as Zipf has it. */
  private often<Item>(items: readonly Item[]): Item {
    return items[Math.floor((items.length + 1) ** (this.below(10_000) / 10_000)) - 1] as Item;
  }

  private document(id: string): SearchDocument {
    const texts: Record<string, readonly string[]> = {
      name: [`${this.often(values.company)} ${this.often(values.words)}`],
    };
    for (const [field, pool, most] of fields) {
      texts[field] = Array.from({ length: this.below(most + 1) }, () => this.often(values[pool]));
    }
    if (this.below(2) > 0) texts['resume'] = [this.prose(16), ...(this.below(3) > 0 ? [] : [this.prose(6)])];
    return {
      id,
      texts,
      numbers: {
        ...(this.below(5) > 0 ? { years: [this.below(26)] } : {}),
        ...(this.below(3) > 0 ? { yearsInRole: [this.below(9)] } : {}),
        ...(this.below(9) > 0 ? { updated: Array.from({ length: 1 + this.below(2) }, () => this.moment()) } : {}),
        ...(this.below(9) > 0 ? { created: [this.moment()] } : {}),
      },
      places:
        this.below(2) > 0 ? [{ latitude: 40 + this.below(1_500) / 100, longitude: 5 + this.below(1_500) / 100 }] : [],
      applications: Array.from({ length: this.below(4) }, () => this.application()),
    };
  }

  private application(): FieldValues {
    return {
      texts: {
        job: [this.often(values.title)],
        status: [this.often(values.status)],
        source: this.below(2) > 0 ? [this.often(values.small)] : [],
      },
      numbers: this.below(4) > 0 ? { applied: [this.moment()] } : {},
    };
  }

  private prose(most: number): string {
    return Array.from({ length: 1 + this.below(most) }, () => this.often(values.words)).join(' ');
  }

  /** Often the first or the last moment of a month, a day or a year. */
  private moment(): number {
    const day = Date.UTC(2024, this.below(36), this.pick([1, 1, 1 + this.below(28)]));
    return day - this.pick([0, 1, -this.below(86_400_000)]);
  }

  private clause(depth: number): string {
    if (depth < 2) {
      const nested = this.below(8);
      if (nested === 0) return `(${this.query(depth + 1)})`;
      if (nested === 1) return `NOT ${this.clause(depth + 1)}`;
      if (nested === 2) return `-(${this.query(depth + 1)})`;
    }
    switch (this.below(11)) {
      case 0:
        return `"${this.words(2)}"`;
      case 1:
        return `"${this.words(3)}"`;
      case 2:
        return this.pick([`${this.beginning()}*`, `"${this.words(1)} ${this.beginning()}*"`]);
      case 3: {
        const [field, pool] = this.pick(fields);
        return `${field}:"${quotable(this.often(values[pool]))}"`;
      }
      case 4: {
        const [field, pool] = this.pick(fields);
        return `${field}:="${quotable(this.often(values[pool]))}"`;
      }
      case 5:
        return this.range();
      case 6:
        return `near:${40 + this.below(15)},${5 + this.below(15)},${this.pick([0, 50, 300, 900])}km`;
      case 7:
        return `application(${this.applicationClause()}${this.pick([' ', ' AND NOT ', ' OR '])}${this.applicationClause()})`;
      case 8:
        return this.pick([this.applicationClause(), `${this.pick(DIMENSIONS).name}:*`, '*']);
      case 9:
        return `${this.pick(['title', 'company', 'resume', 'skill', 'job'])}:"${this.words(1)}"`;
      default:
        return this.words(1).replace(/\s/g, '-');
    }
  }

  private applicationClause(): string {
    return this.pick([
      `status:"${this.often(values.status)}"`,
      `job:"${this.words(1)}"`,
      `source:="${this.often(values.small)}"`,
      `applied:${this.date()}..`,
      'applied:*',
    ]);
  }

  private range(): string {
    const from = this.below(12);
    return this.pick([
      `years:${from}..${from + this.below(10)}`,
      `yearsInRole:>${from}`,
      `years:<=${from}`,
      `updated:${this.date()}`,
      `updated:>${this.date()}`,
      `created:<${this.date()}`,
      `created:2024-02..${this.pick(['2025', '2025-07', '2026-02-28'])}`,
    ]);
  }

  private date(): string {
    return `${2024 + this.below(3)}-0${1 + this.below(9)}-0${1 + this.below(9)}`.slice(0, this.pick([4, 7, 10]));
  }

  /** Words that stand side by side somewhere, as they stand or nearly so. */
  private words(count: number): string {
    const source = this.often(values[this.pick(['title', 'skill', 'company', 'words'] as const)]);
    const more = Array.from({ length: count - 1 }, () => this.often(values.words));
    const all = quotable([source, ...more].join(' ')).split(' ');
    return all.slice(0, count).join(' ');
  }

  private beginning(): string {
    const letters = [...this.often(values.words).replace(/\P{L}.*/su, '')];
    return letters.length < 2 ? 'ma' : letters.slice(0, 2 + this.below(letters.length - 1)).join('');
  }
}

function quotable(text: string): string {
  return text.replaceAll('"', '');
}
