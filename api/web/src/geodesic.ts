/**
 * Distances and circles on the WGS-84 ellipsoid, by Vincenty's formulae (1975): good to a millimetre
 * at the distances of a city, and without an answer only between places at opposite ends of the
 * earth, where NaN is returned.
 */

const A_M = 6_378_137;
const F = 1 / 298.257_223_563;
const B_M = A_M * (1 - F);
const TOLERANCE = 1e-12;
const MOST_STEPS = 100;

export interface Place {
  lon: number;
  lat: number;
}

/** The length of the shortest way between two places, metres. */
export function distanceM(from: Place, to: Place): number {
  const l = radians(to.lon - from.lon);
  const [sinU1, cosU1] = reduced(from.lat);
  const [sinU2, cosU2] = reduced(to.lat);
  let lambda = l;
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const [sinLambda, cosLambda] = [Math.sin(lambda), Math.cos(lambda)];
    const sinSigma = Math.hypot(cosU2 * sinLambda, cosU1 * sinU2 - sinU1 * cosU2 * cosLambda);
    if (sinSigma === 0) {
      return 0;
    }
    const cosSigma = sinU1 * sinU2 + cosU1 * cosU2 * cosLambda;
    const sigma = Math.atan2(sinSigma, cosSigma);
    const sinAlpha = (cosU1 * cosU2 * sinLambda) / sinSigma;
    const cos2Alpha = 1 - sinAlpha ** 2;
    const cos2Mid = cos2Alpha === 0 ? 0 : cosSigma - (2 * sinU1 * sinU2) / cos2Alpha;
    const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
    const before = lambda;
    lambda =
      l +
      (1 - c) *
        F *
        sinAlpha *
        (sigma + c * sinSigma * (cos2Mid + c * cosSigma * (2 * cos2Mid ** 2 - 1)));
    if (Math.abs(lambda - before) < TOLERANCE) {
      const [a, b] = series(cos2Alpha);
      return B_M * a * (sigma - correction(b, sinSigma, cosSigma, cos2Mid));
    }
  }
  return Number.NaN;
}

/** The place at a distance from another, in a direction: degrees, clockwise from north. */
export function placeAt(from: Place, bearing: number, metres: number): Place {
  const [sinU1, cosU1] = reduced(from.lat);
  const [sin1, cos1] = [Math.sin(radians(bearing)), Math.cos(radians(bearing))];
  const sigma1 = Math.atan2(sinU1, cosU1 * cos1);
  const sinAlpha = cosU1 * sin1;
  const cos2Alpha = 1 - sinAlpha ** 2;
  const [a, b] = series(cos2Alpha);
  let sigma = metres / (B_M * a);
  for (let step = 0; step < MOST_STEPS; step += 1) {
    const cos2Mid = Math.cos(2 * sigma1 + sigma);
    const before = sigma;
    sigma = metres / (B_M * a) + correction(b, Math.sin(sigma), Math.cos(sigma), cos2Mid);
    if (Math.abs(sigma - before) < TOLERANCE) {
      break;
    }
  }
  const [sinSigma, cosSigma] = [Math.sin(sigma), Math.cos(sigma)];
  const across = sinU1 * sinSigma - cosU1 * cosSigma * cos1;
  const lat = Math.atan2(
    sinU1 * cosSigma + cosU1 * sinSigma * cos1,
    (1 - F) * Math.hypot(sinAlpha, across),
  );
  const lambda = Math.atan2(sinSigma * sin1, cosU1 * cosSigma - sinU1 * sinSigma * cos1);
  const c = (F / 16) * cos2Alpha * (4 + F * (4 - 3 * cos2Alpha));
  const cos2Mid = Math.cos(2 * sigma1 + sigma);
  const l =
    lambda -
    (1 - c) *
      F *
      sinAlpha *
      (sigma + c * sinSigma * (cos2Mid + c * cosSigma * (2 * cos2Mid ** 2 - 1)));
  return { lon: from.lon + degrees(l), lat: degrees(lat) };
}

/** The rim of a circle, to be drawn. */
export function circleAround(centre: Place, radiusM: number, corners = 128): GeoJSON.Polygon {
  const rim = Array.from({ length: corners }, (_, at) => {
    const { lon, lat } = placeAt(centre, -(360 * at) / corners, radiusM); // counter-clockwise
    return [lon, lat];
  });
  const [first = []] = rim;
  return { type: "Polygon", coordinates: [[...rim, first]] };
}

/** Sine and cosine of the reduced latitude. */
function reduced(lat: number): [number, number] {
  const u = Math.atan((1 - F) * Math.tan(radians(lat)));
  return [Math.sin(u), Math.cos(u)];
}

/** Vincenty's A and B. */
function series(cos2Alpha: number): [number, number] {
  const u2 = (cos2Alpha * (A_M ** 2 - B_M ** 2)) / B_M ** 2;
  const a = 1 + (u2 / 16_384) * (4_096 + u2 * (-768 + u2 * (320 - 175 * u2)));
  const b = (u2 / 1_024) * (256 + u2 * (-128 + u2 * (74 - 47 * u2)));
  return [a, b];
}

function correction(b: number, sinSigma: number, cosSigma: number, cos2Mid: number): number {
  const inner =
    cosSigma * (2 * cos2Mid ** 2 - 1) -
    (b / 6) * cos2Mid * (4 * sinSigma ** 2 - 3) * (4 * cos2Mid ** 2 - 3);
  return b * sinSigma * (cos2Mid + (b / 4) * inner);
}

function radians(angle: number): number {
  return (angle * Math.PI) / 180;
}

function degrees(angle: number): number {
  return (angle * 180) / Math.PI;
}
