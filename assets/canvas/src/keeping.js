/** Gestures that are on their way are kept in the window until Python has them, so that a reload loses none. */

const PLACE = `weft-gestures:${location.pathname}`;
const BEGAN = `${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}`;

export function keeping(emit) {
  let count = 0;
  return {
    emit: (name, detail) => {
      if (name !== "gesture") return emit(name, detail);
      const gesture = { ...detail, ticket: `${BEGAN}-${(count += 1)}` };
      put([...kept(), gesture]);
      emit(name, gesture);
    },
    /** What was done before this page was loaded anew, and was not heard. */
    again: () => kept().forEach((gesture) => emit("gesture", { ...gesture, again: true })),
    took: (ticket) => put(kept().filter((gesture) => gesture.ticket !== ticket)),
  };
}

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(PLACE)) ?? [];
  } catch {
    return [];
  }
}

function put(gestures) {
  try {
    if (gestures.length) sessionStorage.setItem(PLACE, JSON.stringify(gestures));
    else sessionStorage.removeItem(PLACE);
  } catch {
    // Where the browser keeps nothing they are only sent.
  }
}
