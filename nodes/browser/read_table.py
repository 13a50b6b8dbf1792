"""The Read table node."""

from __future__ import annotations

import re

from typing_extensions import TypedDict

from nodes import Context, Effect, Field, Json, Locator, Need, Node, NodeError
from nodes.browser._page import Session, Wait, plainly, the_one, where
from nodes.numbers import numbers_in


class Table(TypedDict):
    """A record for each row, the names of the columns, and how many rows there are."""

    rows: list[dict[str, Json]]
    columns: list[str]
    count: int


class ReadTable(
    Node,
    kind="browser.read_table",
    icon="table",
    words=("grid", "rows", "columns", "scrape", "extract", "list"),
    needs={Need.BROWSER},
    effect=Effect.READ,
    sentence="Read {target}",
    more=("header", "links", "at_most", "wait", "session"),
):
    """Read a table on the page as a list of records. A column “Unit price” becomes `unit_price` in each record."""

    target: Locator = Field(description="The table.")
    header: bool = Field(True, description="The first row holds the names of the columns.")
    links: bool = Field(False, description="Also give, as `link`, the address of the first link in each row.")
    at_most: int = Field(1000, ge=1, le=100_000, description="Read no more than this many rows.")
    wait: Wait = 10
    session: Session = "main"

    async def run(self, ctx: Context) -> Table:
        page = await ctx.page(self.session)
        one = await the_one(page, self.target, self.wait)
        async with plainly(page, f"read `{self.target}`"):
            read = await one.evaluate(READ, timeout=max(self.wait * 1000, 1000))
        if read is None:
            raise NodeError(
                f"`{self.target}` on {await where(page)} is not a table.", hint='Try get_by_role("table") or `table`.'
            )
        heads, body = read["heads"], read["body"]
        if not self.header:
            heads, body = [], [*({"cells": head, "link": None} for head in heads), *body]
        elif not heads and body:
            heads, body = [body[0]["cells"]], body[1:]
        width = max((len(row["cells"]) for row in body), default=0)
        titles = heads[-1] if heads else []
        columns = names_of([*titles, *[""] * (width - len(titles))])
        count, body = len(body), body[: self.at_most]
        if count > len(body):
            ctx.log(f"The table has {count} rows; {len(body)} were read.", level="warning")
        cells = [[*row["cells"], *[""] * (len(columns) - len(row["cells"]))] for row in body]
        values = [numbers_in(column) or list(column) for column in zip(*cells, strict=True)]
        rows: list[dict[str, Json]] = [dict(zip(columns, row, strict=True)) for row in zip(*values, strict=True)]
        if self.links:
            rows = [{**row, "link": read["link"]} for row, read in zip(rows, body, strict=True)]
        return {"rows": rows, "columns": columns, "count": len(rows)}


def names_of(titles: list[str]) -> list[str]:
    """A name for each column that an expression can use: `Unit price` is `unit_price`, twins are numbered."""
    names: list[str] = []
    for place, title in enumerate(titles, 1):
        name = re.sub(r"\W+", "_", title.strip().lower()).strip("_")[:60] or f"column_{place}"
        if name[0].isdigit():
            name = f"_{name}"
        twin = 2
        unique = name
        while unique in names:
            unique, twin = f"{name}_{twin}", twin + 1
        names.append(unique)
    return names


READ = """element => {
    const is = 'table, [role=table], [role=grid], [role=treegrid]';
    const table = element.matches(is) ? element : element.querySelector(is);
    if (!table) return null;
    const text = cell => (cell.innerText ?? '').replace(/\\s+/g, ' ').trim();
    const native = table.tagName === 'TABLE';
    const rows = (native ? [...table.rows] : [...table.querySelectorAll('[role=row]')])
        .filter(row => row.checkVisibility() && row.parentElement.closest(is) === table);
    const held = [];  // Cells that reach down into the rows below: per column [text, rows left].
    const heads = [], body = [];
    for (const row of rows) {
        const cells = native ? [...row.cells]
            : [...row.querySelectorAll('[role=cell], [role=gridcell], [role=columnheader], [role=rowheader]')];
        const line = [];
        const fill = () => {
            while (held[line.length]?.[1]) { held[line.length][1]--; line.push(held[line.length][0]); }
        };
        for (const cell of cells) {
            fill();
            const wide = Math.min(cell.colSpan || 1, 200), tall = Math.min(cell.rowSpan || 1, 10000);
            for (let column = 0; column < wide; column++) {
                if (tall > 1) held[line.length] = [text(cell), tall - 1];
                line.push(text(cell));
            }
        }
        fill();
        const isHead = row.parentElement.tagName === 'THEAD' || (cells.length > 0 && !body.length && cells.every(cell =>
            cell.getAttribute('role') === 'columnheader' || (cell.tagName === 'TH' && cell.scope !== 'row')));
        if (row.parentElement.tagName === 'TFOOT' || !cells.length) continue;
        if (isHead) heads.push(line);
        else body.push({cells: line, link: row.querySelector('a[href]')?.href ?? null});
    }
    return {heads, body};
}"""
