/** Tables as a workbook of Excel (ECMA-376, SpreadsheetML): the least that it takes. */

import { zipped } from "./zip";

export type Cell = string | number | null;

export interface Sheet {
  name: string;
  /** The first is a heading, and stays in view. */
  rows: Cell[][];
  /** Characters that each column is wide. */
  widths: number[];
  /** Stands on each page that is printed. */
  printed: string;
}

const MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships";
const TYPES = "http://schemas.openxmlformats.org/package/2006/content-types";
const FORM = "application/vnd.openxmlformats-officedocument.spreadsheetml";
const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
export const XLSX = `${FORM}.sheet`;

/** Where each style stands among `cellXfs`. */
const STYLE = { plain: 0, heading: 1, quoted: 2 };
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2">\
<font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="2"><fill><patternFill patternType="none"/></fill>\
<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>\
<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf xfId="0"/>\
<xf xfId="0" fontId="1" applyFont="1"/><xf xfId="0" quotePrefix="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>`;

/**
 * Write sheets as a file.
 *
 * Texts are inline strings, which Excel never reads as formulas; one that begins as a formula would
 * is marked as quoted besides, so that it does not become one when somebody edits its cell.
 */
export function workbookOf(sheets: Sheet[]): Uint8Array<ArrayBuffer> {
  const parts = sheets.map((sheet, at) => ({ sheet, id: at + 1, path: `worksheets/sheet${at + 1}.xml` }));
  const relations = parts
    .map(({ id, path }) => relation(`s${id}`, "worksheet", path))
    .concat(relation("styles", "styles", "styles.xml"));
  const overrides = [
    override("workbook.xml", `${FORM}.sheet.main+xml`),
    override("styles.xml", `${FORM}.styles+xml`),
    ...parts.map(({ path }) => override(path, `${FORM}.worksheet+xml`)),
  ];
  const listed = parts.map(
    ({ sheet, id }) => `<sheet name="${escaped(sheet.name)}" sheetId="${id}" r:id="s${id}"/>`,
  );
  return zipped([
    {
      name: "[Content_Types].xml",
      text: `${XML}<Types xmlns="${TYPES}"><Default Extension="rels" \
ContentType="application/vnd.openxmlformats-package.relationships+xml"/>${overrides.join("")}</Types>`,
    },
    {
      name: "_rels/.rels",
      text: `${XML}<Relationships xmlns="${PACKAGE}">\
${relation("workbook", "officeDocument", "xl/workbook.xml")}</Relationships>`,
    },
    {
      name: "xl/workbook.xml",
      text: `${XML}<workbook xmlns="${MAIN}" xmlns:r="${OFFICE}"><sheets>${listed.join("")}</sheets></workbook>`,
    },
    {
      name: "xl/_rels/workbook.xml.rels",
      text: `${XML}<Relationships xmlns="${PACKAGE}">${relations.join("")}</Relationships>`,
    },
    { name: "xl/styles.xml", text: STYLES },
    ...parts.map(({ sheet, path }) => ({ name: `xl/${path}`, text: sheetXml(sheet) })),
  ]);
}

function sheetXml({ rows, widths, printed }: Sheet): string {
  const columns = widths.map(
    (width, at) => `<col min="${at + 1}" max="${at + 1}" width="${width}" customWidth="1"/>`,
  );
  const lines = rows.map((row, at) => {
    const cells = row.map((cell, column) => cellXml(cell, `${letters(column)}${at + 1}`, at === 0));
    return `<row r="${at + 1}">${cells.join("")}</row>`;
  });
  // An ampersand begins a code in what is printed above a page; doubled it is one.
  const above = escaped(printed.replaceAll("&", "&&"));
  return `${XML}<worksheet xmlns="${MAIN}"><sheetViews><sheetView workbookViewId="0">\
<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>\
<cols>${columns.join("")}</cols><sheetData>${lines.join("")}</sheetData>\
<headerFooter><oddHeader>&amp;C${above}</oddHeader></headerFooter></worksheet>`;
}

function cellXml(cell: Cell, place: string, isHeading: boolean): string {
  if (cell === null) {
    return "";
  }
  if (typeof cell === "number") {
    return `<c r="${place}"><v>${cell}</v></c>`;
  }
  const style = isHeading ? STYLE.heading : isFormulaLike(cell) ? STYLE.quoted : STYLE.plain;
  const text = `<is><t xml:space="preserve">${escaped(cell)}</t></is>`;
  return `<c r="${place}" s="${style}" t="inlineStr">${text}</c>`;
}

/** Whether a spreadsheet would take a text for a formula, if it were typed in. */
export function isFormulaLike(text: string): boolean {
  return /^[=+\-@\t\r]/.test(text);
}

/** The name of a column: A to Z, then AA and on. */
export function letters(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : letters(Math.floor(column / 26) - 1) + last;
}

/** A text as XML has it; what XML cannot have is left out. */
function escaped(text: string): string {
  return text
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#13;");
}

function relation(id: string, kind: string, target: string): string {
  return `<Relationship Id="${id}" Type="${OFFICE}/${kind}" Target="${target}"/>`;
}

function override(path: string, type: string): string {
  return `<Override PartName="/xl/${path}" ContentType="${type}"/>`;
}
