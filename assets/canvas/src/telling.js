/** Where the pointer is, told to other windows: at most ten times a second, and the last place always. */

const EVERY = 100;

export function pointerTeller(emit) {
  let told = 0;
  let timer = 0;
  let latest = null;
  const tell = () => {
    timer = 0;
    told = Date.now();
    emit("pointer", { at: latest });
  };
  return (at) => {
    latest = at && [Math.round(at.x), Math.round(at.y)];
    timer ||= setTimeout(tell, Math.max(0, told + EVERY - Date.now()));
  };
}
