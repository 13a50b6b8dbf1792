const FAMILIES = { sym_r_: "material-symbols-rounded", sym_o_: "material-symbols-outlined", sym_s_: "material-symbols-sharp" };

/** A Material Symbol from the fonts NiceGUI ships; names may carry Quasar's prefix. */
export function icon(name, className = "") {
  const family = FAMILIES[name.slice(0, 6)];
  return (
    <span className={`${family ?? FAMILIES.sym_r_} weft-icon ${className}`} aria-hidden="true">
      {family ? name.slice(6) : name}
    </span>
  );
}
