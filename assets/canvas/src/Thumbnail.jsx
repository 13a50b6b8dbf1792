import { useCanvas } from "./context.js";
import { tr } from "./tr.js";

const HIGH = 112;
const BELOW = 24;

/** The picture that a step gave: under it where there is room, else small in the line of its figures. Its place is kept
 * before it is there, so that nothing moves when it comes. */
export function Thumbnail({ path, picture, wordy }) {
  const roomy = useCanvas((state) => hasRoom(state.nodes, path));
  const large = roomy && !wordy;
  return (
    <a className={large ? "thumbnail nodrag" : "thumbnail is-small nodrag"} href={`/kept/${picture}`} target="_blank" rel="noopener" aria-label={tr("Open the picture")} tabIndex={-1} onDoubleClick={(event) => event.stopPropagation()}>
      <img src={`/kept/${picture}`} alt="" draggable={false} loading="lazy" decoding="async" />
    </a>
  );
}

const known = new WeakMap();

/** True where nothing lies below this step; asked once for each state of the flow. */
function hasRoom(nodes, path) {
  const found = known.get(nodes) ?? new Map();
  known.set(nodes, found);
  if (!found.has(path)) found.set(path, isFree(nodes, path));
  return found.get(path);
}

function isFree(nodes, path) {
  const self = nodes.find((node) => node.id === path);
  if (!self || self.type === "box") return false;
  const [top, left] = [self.position.y + self.height, self.position.x];
  const bottom = top + BELOW + HIGH + 8;
  const parent = self.parentId && nodes.find((node) => node.id === self.parentId);
  if (parent && bottom > parent.height) return false;
  return !nodes.some(
    ({ id, parentId, position, width, height }) =>
      id !== path && parentId === self.parentId && position.y + height > top && position.y < bottom && position.x + width > left && position.x < left + self.width,
  );
}
