// What the page needs to know of a model file: its catalogue and where it comes from (docs/format.md). Read here from
// the file's own bytes while the core may still be on its way; the core validates all but the catalogue, so that nothing
// read here may be used before it has opened the file.
import { SottoError } from './errors.js';

/** An item of the model's catalogue. Fields that the model does not have are absent. */
export interface Item {
  readonly id: string;
  /** The item's title; its id where the model has no title for it. */
  readonly title: string;
  readonly category?: string;
  /** In `currency` of the model's info. */
  readonly price?: number;
  /** A URL, absolute or relative to the page. */
  readonly image?: string;
}

/** What a model says about itself. */
export interface ModelInfo {
  /** 16 hexadecimal digits that name this file. States of other files are refused. */
  readonly fingerprint: string;
  /** An SPDX expression or free text; empty when not stated. */
  readonly licence: string;
  /** Whom a page that uses the model must name; empty when not stated. */
  readonly attribution: string;
  /** ISO 4217 code of the prices, such as "GBP"; empty when unknown. */
  readonly currency: string;
  /** The model file's size. */
  readonly bytes: number;
  readonly architecture: {
    readonly items: number;
    readonly embeddingDim: number;
    readonly hiddenDim: number;
    readonly layers: number;
    readonly tiedHead: boolean;
    /** softmax: the model scores all items at once. binary: it scores one candidate after the other. */
    readonly head: 'softmax' | 'binary';
  };
  readonly training: {
    /** The program that trained the model, such as "sotto 0.1.0". */
    readonly tool: string;
    /** Name of the interaction log. */
    readonly log: string;
    readonly events: number;
    readonly users: number;
    /** NDCG@10 on the validation targets. */
    readonly validationNdcg10: number;
  };
}

/** The catalogue's columns as the file holds them, in the order of the model's item indices. */
export interface CatalogueColumns {
  readonly item_id: readonly string[];
  readonly title?: readonly string[];
  readonly category?: readonly string[];
  readonly image?: readonly string[];
  readonly price?: readonly (number | null)[];
  readonly currency?: string;
}

interface Spec {
  readonly architecture: {
    readonly items: number;
    readonly embedding_dim: number;
    readonly hidden_dim: number;
    readonly layers: number;
    readonly tied_head: boolean;
    readonly head: 'softmax' | 'binary';
  };
  readonly training: {
    readonly tool: string;
    readonly log: { readonly name: string; readonly events: number; readonly users: number };
    readonly 'validation_ndcg@10': number;
  };
  readonly licence: string;
  readonly attribution: string;
  readonly lineage?: unknown;
}

interface Header {
  readonly __metadata__: { readonly sotto: string };
  readonly catalogue: { readonly data_offsets: readonly [number, number] };
}

/** The first part of a model file, which says what follows. */
export interface ModelHead {
  readonly header: Header;
  readonly spec: Spec;
}

/** A model file as far as the page needs it. */
export interface ModelFile {
  readonly info: Omit<ModelInfo, 'fingerprint'>;
  readonly columns: CatalogueColumns;
}

/** Throws anything for bytes that are no model file. The core says then what is wrong. */
export function readHead(bytes: Uint8Array): ModelHead {
  const header = parseJson(bytes.subarray(8, headerEnd(bytes))) as Header;
  return { header, spec: JSON.parse(header.__metadata__.sotto) as Spec };
}

/** The lineage that a model file states (docs/format.md), the name that the versions of a model share; '' for none. */
export function lineageOf({ spec: { lineage } }: ModelHead): string {
  return typeof lineage === 'string' ? lineage : '';
}

/** Throws likewise, and a `SottoError` for a catalogue that is not one. */
export function readModelFile(bytes: Uint8Array, { header, spec }: ModelHead): ModelFile {
  const { architecture, training } = spec;
  const tensors = bytes.subarray(headerEnd(bytes));
  const columns = readCatalogue(tensors.subarray(...header.catalogue.data_offsets), architecture.items);
  return {
    columns,
    info: {
      licence: spec.licence,
      attribution: spec.attribution,
      currency: columns.currency ?? '',
      bytes: bytes.byteLength,
      architecture: {
        items: architecture.items,
        embeddingDim: architecture.embedding_dim,
        hiddenDim: architecture.hidden_dim,
        layers: architecture.layers,
        tiedHead: architecture.tied_head,
        head: architecture.head,
      },
      training: {
        tool: training.tool,
        log: training.log.name,
        events: training.log.events,
        users: training.log.users,
        validationNdcg10: training['validation_ndcg@10'],
      },
    },
  };
}

function headerEnd(bytes: Uint8Array): number {
  return 8 + Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
}

function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes));
}

const textColumns = ['item_id', 'title', 'category', 'image'] as const;

function readCatalogue(bytes: Uint8Array, items: number): CatalogueColumns {
  let columns: Record<string, unknown>;
  try {
    columns = Object(parseJson(bytes)) as Record<string, unknown>;
  } catch (error) {
    throw new SottoError('malformed', `The model's catalogue is not valid JSON: download the model again.`, error);
  }
  const unsound = (column: string, expected: string) =>
    new SottoError('malformed', `The model's catalogue.${column} is not ${expected}: make the model again.`);
  const holds = (column: string, isRight: (value: unknown) => boolean) => {
    const values = columns[column];
    return Array.isArray(values) && values.length === items && values.every(isRight);
  };
  for (const column of textColumns) {
    if (column !== 'item_id' && columns[column] === undefined) continue;
    if (!holds(column, (value) => typeof value === 'string')) throw unsound(column, `an array of ${items} strings`);
  }
  if (columns.price !== undefined && !holds('price', (value) => value === null || typeof value === 'number')) {
    throw unsound('price', `an array of ${items} numbers or nulls`);
  }
  if (!['undefined', 'string'].includes(typeof columns.currency)) throw unsound('currency', 'a string');
  return columns as unknown as CatalogueColumns;
}
