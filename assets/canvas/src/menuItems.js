/** What can be done with what one points at, by the commands of the table; `looks` is there in a run as well. */

import { tr } from "./tr.js";

const STEP = [
  { id: "open", icon: "tune", text: tr("Open its settings"), looks: true },
  { id: "rename", icon: "edit", text: tr("Name") },
  { id: "wire", icon: "conversion_path", text: tr("Draw a wire from it") },
  null,
  { id: "copy", icon: "content_copy", text: tr("Copy"), looks: true },
  { id: "cut", icon: "content_cut", text: tr("Cut") },
  { id: "duplicate", icon: "library_add", text: tr("Duplicate") },
  { id: "group", icon: "select_all", text: tr("Group into a frame") },
  { id: "subflow", icon: "account_tree", text: tr("Turn into a sub-flow") },
  null,
  { id: "disable", icon: "block", text: tr("Switch off"), unless: "disabled" },
  { id: "disable", icon: "play_arrow", text: tr("Switch on"), where: "disabled" },
  { id: "breakpoint", icon: "adjust", text: tr("Set a breakpoint"), unless: "breakpoint" },
  { id: "breakpoint", icon: "adjust", text: tr("Take the breakpoint away"), where: "breakpoint" },
  null,
  { id: "take_out", icon: "link_off", text: tr("Take out of its wires") },
  { id: "remove", icon: "delete", text: tr("Delete"), danger: true },
];
const STEPS = [
  { id: "zoom.selection", icon: "fit_screen", text: tr("Show what is selected"), looks: true },
  { id: "tidy", icon: "account_tree", text: tr("Tidy") },
  null,
  { id: "copy", icon: "content_copy", text: tr("Copy"), looks: true },
  { id: "cut", icon: "content_cut", text: tr("Cut") },
  { id: "duplicate", icon: "library_add", text: tr("Duplicate") },
  { id: "group", icon: "select_all", text: tr("Group into a frame") },
  { id: "subflow", icon: "account_tree", text: tr("Turn into a sub-flow") },
  { id: "disable", icon: "block", text: tr("Switch off or on") },
  null,
  { id: "take_out", icon: "link_off", text: tr("Take out of their wires") },
  { id: "remove", icon: "delete", text: tr("Delete"), danger: true },
];
const NOTE = [
  { id: "open", icon: "edit", text: tr("Write on it") },
  null,
  { id: "copy", icon: "content_copy", text: tr("Copy"), looks: true },
  { id: "cut", icon: "content_cut", text: tr("Cut") },
  { id: "duplicate", icon: "library_add", text: tr("Duplicate") },
  null,
  { id: "remove", icon: "delete", text: tr("Delete"), danger: true },
];
const FRAME = [
  { id: "collapse", icon: "unfold_less", text: tr("Collapse"), unless: "collapsed" },
  { id: "collapse", icon: "unfold_more", text: tr("Expand"), where: "collapsed" },
  { id: "rename", icon: "edit", text: tr("Name") },
  { id: "subflow", icon: "account_tree", text: tr("Turn into a sub-flow") },
  null,
  { id: "copy", icon: "content_copy", text: tr("Copy with its steps"), looks: true },
  { id: "cut", icon: "content_cut", text: tr("Cut with its steps") },
  { id: "duplicate", icon: "library_add", text: tr("Duplicate with its steps") },
  null,
  { id: "ungroup", icon: "deselect", text: tr("Take the frame away, its steps stay") },
];
const WIRE = [{ id: "remove", icon: "delete", text: tr("Remove this wire"), danger: true }];
const GROUND = [
  { id: "search", icon: "add", text: tr("Add a step here") },
  { id: "note", icon: "sticky_note_2", text: tr("Put a note here") },
  { id: "paste", icon: "content_paste", text: tr("Paste") },
  null,
  { id: "all", icon: "select_all", text: tr("Select all"), looks: true },
  { id: "lasso", icon: "gesture", text: tr("Select with a lasso"), looks: true },
  { id: "tidy", icon: "account_tree", text: tr("Tidy the whole flow") },
  { id: "fit", icon: "fit_screen", text: tr("Show everything"), looks: true },
];

/** The entries of a menu, for one step, several, a wire, or the ground; in a run, those that only look. */
export function itemsFor({ kind, step }, mode) {
  const all = { step: STEP, steps: STEPS, wire: WIRE, ground: GROUND, note: NOTE, frame: FRAME }[kind];
  const fitting = all.filter((item) => !item || ((mode === "edit" || item.looks) && (!item.where || step[item.where]) && (!item.unless || !step[item.unless])));
  return fitting.filter((item, at) => item || (at && fitting[at - 1] && fitting.slice(at).some(Boolean)));
}
