import { NodeResizeControl } from "@xyflow/react";
import { memo, useEffect, useRef, useState } from "react";

import { ColourBar } from "./ColourBar.jsx";
import { useCanvas, useCanvasStore } from "./context.js";
import { snap } from "./geometry.js";
import { Markdown } from "./markdown.jsx";
import { tr } from "./tr.js";

const LONGEST = 20_000;
const SMALLEST = { minWidth: 120, minHeight: 64 };

/** A sheet of Markdown: double-click, Enter or F2 writes on it, Escape or a click elsewhere ends that. */
export const Note = memo(function Note({ id, data: { note }, selected }) {
  const store = useCanvasStore();
  const edit = useCanvas((state) => state.mode === "edit");
  const writing = useCanvas((state) => state.writing === id);
  const alone = useCanvas((state) => selected && !writing && state.shapes.filter((shape) => shape.selected).length === 1 && !state.nodes.some((node) => node.selected));
  const write = () => edit && store.setState({ writing: id });
  const tell = (change) => store.getState().emit("gesture", { edits: [{ do: "note", id: note.id, ...change }] });
  return (
    <div
      className={`note${selected ? " is-selected" : ""}${writing ? " is-writing" : ""}`}
      style={{ "--paper": `var(--weft-${note.color})` }}
      role="note"
      aria-label={note.text ? tr("Note: {text}", { text: note.text.slice(0, 200) }) : tr("Empty note")}
      tabIndex={-1}
      data-shape={id}
      onDoubleClick={(event) => {
        event.stopPropagation();
        write();
      }}
    >
      {writing ? (
        <Writing text={note.text} done={(text) => text !== note.text && tell({ text })} />
      ) : (
        <div className="note-text">{note.text.trim() ? <Markdown text={note.text} /> : <span className="note-hint">{edit ? tr("Double-click to write. Markdown works.") : ""}</span>}</div>
      )}
      {edit && alone && <ColourBar label={tr("Colour of the note")} color={note.color} choose={(color) => tell({ color })} more={[["edit", tr("Write on it (Enter)"), write], ["delete", tr("Delete the note (Delete)"), () => store.getState().perform("remove")]]} />}
      {edit && selected && !writing && (
        <NodeResizeControl
          className="box-grip is-corner"
          position="bottom-right"
          {...SMALLEST}
          onResizeEnd={(_, { width, height }) => tell({ at: [note.x, note.y, snap(width), snap(height)] })}
        />
      )}
    </div>
  );
});

function Writing({ text, done }) {
  const store = useCanvasStore();
  const field = useRef(null);
  const [written, setWritten] = useState(text);
  const over = useRef(false);
  useEffect(() => {
    field.current.focus({ preventScroll: true });
    field.current.setSelectionRange(text.length, text.length);
  }, [text.length]);
  const end = (keep) => {
    if (over.current) return;
    over.current = true;
    store.setState({ writing: null });
    if (keep) done(field.current.value);
  };
  return (
    <textarea
      ref={field}
      className="note-field nodrag nopan nowheel"
      aria-label={tr("Text of the note, in Markdown")}
      value={written}
      maxLength={LONGEST}
      placeholder={`${tr("# A heading")}\n${tr("Some **Markdown**")}`}
      onChange={(event) => setWritten(event.target.value)}
      onBlur={() => end(true)}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Escape" && !(event.key === "Enter" && (event.ctrlKey || event.metaKey))) return;
        event.preventDefault();
        const canvas = field.current.closest(".weft-flow");
        end(true);
        canvas?.focus({ preventScroll: true });
      }}
    />
  );
}
