/** Steps know their size and where their ports are: React Flow need not measure each one that comes into sight. */
export function measureOnlyUnknown(inner) {
  const { updateNodeInternals: measure } = inner.getState();
  inner.setState({
    updateNodeInternals: (updates, ...more) => {
      const { nodeLookup } = inner.getState();
      const unknown = new Map([...updates].filter(([id]) => !nodeLookup.get(id)?.handles));
      if (unknown.size) measure(unknown, ...more);
    },
  });
}
