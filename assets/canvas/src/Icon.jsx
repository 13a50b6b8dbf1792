const FAMILIES = { sym_r_: "material-symbols-rounded", sym_o_: "material-symbols-outlined", sym_s_: "material-symbols-sharp" };

/** A Material Symbol from the fonts NiceGUI ships; names may carry Quasar's prefix. */
export function Icon({ name, className = "", ...rest }) {
  const prefix = name?.slice(0, 6);
  const family = FAMILIES[prefix] ?? FAMILIES.sym_r_;
  return (
    <span className={`${family} weft-icon ${className}`} aria-hidden="true" {...rest}>
      {FAMILIES[prefix] ? name.slice(6) : name}
    </span>
  );
}
