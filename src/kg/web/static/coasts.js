// Coasts and the borders of today under a Leaflet map, from a file of this server.

export async function coasts(map, address) {
  let gone = false;
  map.once("unload", () => { gone = true; });
  const response = await fetch(address);
  if (!response.ok) return;
  const world = await response.json();
  if (gone) return; // another result was asked for meanwhile
  const { topojson, L } = window;
  const drawn = { interactive: false, smoothFactor: 0.6 };
  L.geoJSON(topojson.feature(world, world.objects.countries), {
    ...drawn,
    className: "land",
    fillOpacity: 1,
  }).addTo(map).bringToBack();
  L.geoJSON(topojson.mesh(world, world.objects.countries, (a, b) => a === b), {
    ...drawn,
    className: "coast",
  }).addTo(map);
}
